import type { Call } from "../call.ts";
import { columnAt } from "./column_at.ts";

/** The name of a column. With slots no dialect needs it, so it must be granted by name. */
export function batch_column_name(call: Call, column: number): bigint {
  return call.storeText(columnAt(call, column).name);
}
