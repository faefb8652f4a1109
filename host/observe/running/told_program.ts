/** What a program that loads tells of itself in its status file. */
import type { WriteMode } from "../../../src/model/batch.ts";

/** A run that is under way. Rows count once their COMMIT is confirmed. */
export interface ToldRun {
  /** In the ledger; absent until it is opened there. */
  readonly load?: { readonly id: string; readonly generation: number };
  /** When it began, in ISO 8601. */
  readonly since: string;
  readonly milliseconds: number;
  /** Rows of this run. */
  readonly committed: number;
  readonly superseded: number;
  readonly rejected: number;
  readonly batches: number;
  /** Rows that earlier runs of the load have committed, or other programs meanwhile. */
  readonly committedBefore: number;
  /** Further attempts at what failed for a while. */
  readonly retries: number;
  /** As the source counts its size. */
  readonly bytesRead: number;
  readonly bytesTotal?: number;
}

/** A load that is under way, or waits in a `serve`. */
export interface ToldLoad {
  /** As the configuration calls it; absent where it has no name. */
  readonly name?: string;
  /**
   * `running`; `retrying`, it failed for a while and is tried again; in a `serve` also `queued`, `waiting`
   * for its source, `paused`, `failed`.
   */
  readonly state: "running" | "retrying" | "queued" | "waiting" | "paused" | "failed";
  /** Why it is in that state. */
  readonly detail?: string;
  /** What is loaded. */
  readonly source: string;
  /** The backend's type; absent until a load that waits knows it. */
  readonly backend?: string;
  /** Where it writes, without secrets. */
  readonly endpoint?: string;
  readonly table?: string;
  readonly mode?: WriteMode;
  /** Of a load that has begun. */
  readonly run?: ToldRun;
}

/** What a program tells of its loads. */
export interface ToldLoads {
  /** Where the API of a `serve` listens. */
  readonly api?: string;
  /** Loads of a `serve` for which there is nothing to do. */
  readonly idle?: number;
  readonly loads: readonly ToldLoad[];
}

/** What a program that loads tells of itself. */
export interface ToldProgram extends ToldLoads {
  readonly version: 1;
  /** Version of snakepipe. */
  readonly snakepipe: string;
  /** The command, or what a program calls itself that uses the library. */
  readonly program: string;
  readonly pid: number;
  /** When it was started, or the host in it was created, in ISO 8601. */
  readonly since: string;
  /** When this was written. */
  readonly at: string;
  /** The folder from which the names of sources are told, where the program may know it. */
  readonly folder?: string;
}
