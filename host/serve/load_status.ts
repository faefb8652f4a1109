/** What is known of a load that is served, for people and programs. */
import type { ErrorCode } from "../../src/model/errors.ts";
import type { LoadProgress } from "../../src/load/loader.ts";

/** What makes a load begin. */
export type LoadTrigger =
  /** Its source has changed, or `serve` has just begun to watch it. */
  | "source"
  | "schedule"
  /** Somebody asked for it. */
  | "request"
  /** It had begun, and was not at its end, when the program before ended. */
  | "unfinished"
  /** Its settings have changed while it was not at its end. */
  | "configuration"
  /** A load that it comes after is complete now. */
  | "after"
  /** The plugin that it failed over was replaced. */
  | "plugin";

/**
 * `idle`, nothing has asked for it yet; `queued`, it waits for a connection, or for loads that it comes
 * after; `running`; `retrying`, it failed for a while and is tried again; `waiting`, its source is not
 * there; `complete` and `failed`, how it ended last.
 */
export type LoadState =
  | "idle"
  | "queued"
  | "running"
  | "retrying"
  | "waiting"
  | "complete"
  | "failed";

/** How a run ended. */
export interface RunOutcome {
  readonly state: "complete" | "failed" | "cancelled";
  readonly trigger: LoadTrigger;
  /** When it ended, in ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly committed: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly batches: number;
  readonly backend?: string;
  readonly table?: string;
  /** The load row, and the plugin that planned. */
  readonly load?: { readonly id: string; readonly generation: number };
  readonly plugin?: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly notes: readonly string[];
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** A load that is served. */
export interface LoadStatus {
  readonly name: string;
  readonly source: readonly string[];
  readonly state: LoadState;
  /** What it waits for, or why it is not complete. */
  readonly detail?: string;
  readonly watch: boolean;
  readonly schedule?: string;
  /** When it is due by its schedule, in ISO 8601. */
  readonly next?: string;
  /** Runs that have ended. */
  readonly runs: number;
  /** Of the run that is under way. */
  readonly progress?: LoadProgress;
  readonly last?: RunOutcome;
}
