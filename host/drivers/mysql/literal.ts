/**
 * Values as literals in a statement's text. The binary protocol would bind an integer as text and a
 * number as DOUBLE, and an INSERT of many rows costs a prepared statement for each number of rows.
 *
 * Sessions have NO_BACKSLASH_ESCAPES and send UTF-8, so a quote is all that can end a text.
 */
import type { Cell } from "../../codec/codec.ts";
import { SessionError } from "../sql/failures.ts";
import type { Statement } from "../sql/session.ts";

/** Stands for a value: no name can have it, and none of our own texts does. */
export const PLACEHOLDER = "\0";

/** A statement with its values in their places. @throws {SessionError} `VALUE_NOT_FINITE` */
export function withLiterals({ sql, args }: Statement, statement = 0): string {
  let text = "";
  let from = 0;
  for (const arg of args) {
    const at = sql.indexOf(PLACEHOLDER, from);
    text += sql.slice(from, at) + literal(arg, statement);
    from = at + 1;
  }
  return text + sql.slice(from);
}

function literal(cell: Cell, statement: number): string {
  switch (typeof cell) {
    case "string":
      return `'${cell.includes("'") ? cell.replaceAll("'", "''") : cell}'`;
    case "bigint":
      return cell.toString();
    case "number":
      if (!Number.isFinite(cell)) throw new SessionError("VALUE_NOT_FINITE", { statement });
      return double(cell);
    default:
      return cell === null ? "NULL" : `x'${cell.toHex()}'`;
  }
}

/** With an exponent it is read as a DOUBLE, and not as a DECIMAL first. */
function double(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return text.includes("e") ? text : `${text}e0`;
}
