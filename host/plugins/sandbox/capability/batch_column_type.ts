import { columnTypeNumber } from "../../../../src/model/column_type.ts";
import type { Call } from "../call.ts";
import { columnAt } from "./column_at.ts";

/** The number of a column's type in `COLUMN_TYPES`. */
export function batch_column_type(call: Call, column: number): number {
  return columnTypeNumber(columnAt(call, column).type);
}
