import type { Call } from "../call.ts";
import { columnAt } from "./column_at.ts";

const NULLABLE = 1;
const KEY = 2;

/** Bits of a column: 1 nullable, 2 key. */
export function batch_column_flags(call: Call, column: number): number {
  const { nullable, key } = columnAt(call, column);
  return (nullable ? NULLABLE : 0) | (key ? KEY : 0);
}
