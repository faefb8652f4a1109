import { type Call, Violation } from "../call.ts";

/** The batch that this database takes best, in rows and bytes. */
export function shape_batch(call: Call, rowsMax: number, bytesMax: number): void {
  if (rowsMax < 1 || bytesMax < 1) {
    throw new Violation("shape_batch wants at least one row and one byte");
  }
  call.draft.batch = { rowsMax, bytesMax };
}
