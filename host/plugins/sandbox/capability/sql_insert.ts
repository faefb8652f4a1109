import { type Call, Violation } from "../call.ts";

/** Plans INSERT statements: the statement with {rows}, the template of a row, rows a statement. */
export function sql_insert(call: Call, statement: bigint, row: bigint, rowsMax: number): void {
  if (call.draft.write) throw new Violation("a second sql_insert");
  call.draft.write = {
    sql: call.readText(statement),
    row: call.readText(row),
    rowsMax,
  };
}
