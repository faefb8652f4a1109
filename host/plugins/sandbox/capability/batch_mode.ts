import { WRITE_MODES } from "../../../../src/model/batch.ts";
import type { Call } from "../call.ts";

/** 0 append, 1 upsert, 2 replace. */
export function batch_mode(call: Call): number {
  return WRITE_MODES.indexOf(call.shape!.mode);
}
