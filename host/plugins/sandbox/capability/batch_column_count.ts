import type { Call } from "../call.ts";

/** How many columns the batch has. */
export function batch_column_count(call: Call): number {
  return call.shape!.columns.length;
}
