import type { Column } from "../../../../src/model/batch.ts";
import { type Call, Violation } from "../call.ts";

/** The column that a plugin asks for. Throws a {@linkcode Violation} where there is none. */
export function columnAt(call: Call, column: number): Column {
  const found = call.shape!.columns[column];
  if (!found) throw new Violation(`column ${column} of ${call.shape!.columns.length}`);
  return found;
}
