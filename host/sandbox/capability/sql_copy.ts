import { COPY_FORMATS } from "../../../src/abi/plan.ts";
import { type Call, Violation } from "../call.ts";

/**
 * Plans a COPY: the statement, the format of its rows (0 text, 1 binary, 2 any), and whether the
 * ordinal is sent last.
 */
export function sql_copy(call: Call, statement: bigint, format: number, ordinal: number): void {
  if (call.draft.write) throw new Violation("a second sql_copy or sql_insert");
  const planned = COPY_FORMATS[format];
  if (planned === undefined) {
    throw new Violation(`copy format ${format}, known are 0 to ${COPY_FORMATS.length - 1}`);
  }
  call.draft.write = {
    kind: "copy",
    sql: call.readText(statement),
    format: planned,
    ordinal: ordinal !== 0,
  };
}
