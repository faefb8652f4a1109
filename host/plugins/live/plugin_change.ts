/** What has become of a file in a folder of plugins that is watched. */
import type { BackendInfo } from "../../../src/model/backend.ts";
import type { PlanChange } from "../author/plan_changes.ts";

/** A file that was taken. */
export interface TakenPlugin {
  /** Its path. */
  readonly file: string;
  /** What it is registered as. */
  readonly backend: BackendInfo;
  /** From the look that found it, in milliseconds. */
  readonly milliseconds: number;
}

/** One change. */
export type PluginChange =
  | TakenPlugin & { readonly kind: "added" }
  | TakenPlugin & {
    readonly kind: "replaced";
    /** What was in its place. */
    readonly before: BackendInfo;
    /** Plans in use that it was asked for first. */
    readonly asked: number;
    /** Those of them that are not what they were. */
    readonly plans: readonly PlanChange[];
  }
  | { readonly kind: "removed"; readonly file: string; readonly backend: BackendInfo }
  | {
    readonly kind: "refused";
    readonly file: string;
    readonly reason: string;
    /** What stays in its place. */
    readonly kept?: BackendInfo;
  }
  /** The folder or its lock cannot be read: all stays as it is until it can. */
  | { readonly kind: "unreadable"; readonly reason: string };
