/** One call into a plugin, as the capability functions see it. */
import type { Phase } from "../../../src/plugin_api/capability.ts";
import type { Shape } from "../../../src/model/batch.ts";
import type { Config } from "../../../src/model/config_schema.ts";
import type { PlannedWrite } from "../../../src/plugin_api/plan.ts";

/** What a plugin is told, by phase. */
export interface CallInput {
  readonly phase: Phase;
  /** The plugin's own settings; a driver's never are among them. */
  readonly settings: Config;
  /** In `write_batch`. */
  readonly shape?: Shape;
  /** In `classify_error`. */
  readonly errorCode?: string;
}

/** What a plugin has said so far. */
export interface CallDraft {
  session: string[];
  teardown: string[];
  create: string[];
  prepare: string[];
  stage: string[];
  merge: string[];
  finish: string[];
  health: string[];
  write: PlannedWrite | undefined;
  batch: { rowsMax: number; bytesMax: number } | undefined;
  errorClass: number | undefined;
}

/** A draft with nothing in it. */
export function emptyDraft(): CallDraft {
  return {
    session: [],
    teardown: [],
    create: [],
    prepare: [],
    stage: [],
    merge: [],
    finish: [],
    health: [],
    write: undefined,
    batch: undefined,
    errorClass: undefined,
  };
}

/** What a capability function is called with beside its arguments: the call, and access to its texts. */
export interface Call extends CallInput {
  readonly draft: CallDraft;
  /** Text behind a handle, bounded and strictly decoded. Throws a {@linkcode Violation}. */
  readText(handle: bigint): string;
  /** Stores text where the plugin can read it; 0 for undefined. */
  storeText(text: string | undefined): bigint;
}

/** A plugin did what it may not. Sticky: whatever the guest does afterwards, the call has failed. */
export class Violation extends Error {}

/**
 * A capability function: i32 arguments come as numbers, i64 as bigints. The sandbox has checked the
 * phase before.
 */
export type Capability = (call: Call, ...args: never[]) => number | bigint | void;
