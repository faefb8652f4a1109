import { type Call, Violation } from "../call.ts";

const TEXT = 0;

/** Plans a COPY: the statement, the codec's format (0 text), and whether the ordinal is sent last. */
export function sql_copy(call: Call, statement: bigint, format: number, ordinal: number): void {
  if (call.draft.write) throw new Violation("a second sql_copy or sql_insert");
  if (format !== TEXT) throw new Violation(`copy format ${format}, known is 0 (text)`);
  call.draft.write = {
    kind: "copy",
    sql: call.readText(statement),
    format: "text",
    ordinal: ordinal !== 0,
  };
}
