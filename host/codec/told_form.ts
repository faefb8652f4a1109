/** The form of a string by which a source writes down what JSON has no kind for: see `Source.kinds`. */
import type { ColumnType } from "../../src/model/column_type.ts";
import { hexDigit } from "./reference/hex_text.ts";
import { checkDate, checkTime, checkTimestamp } from "./reference/time_text.ts";
import { WRONG_TYPE } from "./reference/verdict.ts";

const LETTER_Z = 0x5a;
/** No date or time is longer, nor is a name of a number. */
const LENGTH_MAX = 40;
/** `\\x` as JSON spells it. */
const HEX_MARK = [0x5c, 0x5c, 0x78];

const NUMBER_NAMES = new Set(["NaN", "Infinity", "-Infinity"]);
/** Years before 0 and behind 9999, as `Date` writes them. */
const LONG_INSTANT = /^[+-]\d{6}-\d\d-\d\dT[\d:.]+Z$/;

const latin1 = new TextDecoder("latin1");

/**
 * The type whose value may stand in `bytes[from, to)`, the inside of a JSON string; undefined where it
 * can only be a text. Each string has one form at the most.
 */
export function toldForm(bytes: Uint8Array, from: number, to: number): ColumnType | undefined {
  if (HEX_MARK.every((c, i) => from + i < to && bytes[from + i] === c)) {
    for (let at = from + HEX_MARK.length; at < to; at++) {
      if (hexDigit(bytes[at]!) < 0) return undefined;
    }
    return "bytes";
  }
  if (to - from > LENGTH_MAX) return undefined;
  if (checkTimestamp(bytes, from, to, false) !== WRONG_TYPE) return "timestamp";
  if (bytes[to - 1] === LETTER_Z && checkTimestamp(bytes, from, to, true) !== WRONG_TYPE) {
    return "timestamptz";
  }
  if (checkDate(bytes, from, to) !== WRONG_TYPE) return "date";
  if (checkTime(bytes, from, to) !== WRONG_TYPE) return "time";
  const text = latin1.decode(bytes.subarray(from, to));
  if (NUMBER_NAMES.has(text)) return "float64";
  return LONG_INSTANT.test(text) ? "timestamptz" : undefined;
}
