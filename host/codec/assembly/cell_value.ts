// Writes the value of a cell as JavaScript is to find it: eight bytes, and a tag that says how they
// are to be read.

import { putDouble } from "./binary_float";
import { double, integer, integerOf, readDouble, readInteger } from "./cell_number";
import { narrowEnd, putBytes, putText, putWritten } from "./cell_text";
import { checkCell, escaped, FITS, from, to, truth } from "./check";
import {
  BOOLEAN,
  BYTES,
  familyOf,
  FLOAT,
  INTEGER,
  isArray,
  isInferred,
  isNullable,
  isNullIfAbsent,
  limitOf,
  TEXT,
} from "./column";
import { putOctets } from "./octets";
import { unescapeJson, unquoteCsv } from "./escape";
import { FALSE, FIELD, KIND_MASK, NONE, NUMBER, STRING, TRUE } from "./spans";

// Tags, besides NARROW and WIDE of cell_text.ts.

/** No value. */
export const NULL: u8 = 0;
/** An integer of 32 bits, as i64. */
export const SHORT: u8 = 3;
/** Any other integer, as i64. */
export const LONG: u8 = 4;
/** A double. */
export const DOUBLE: u8 = 5;
/** Start and end within the narrow window of a number's text. */
export const DOUBLE_TEXT: u8 = 6;
/** Start and end of bytes within the narrow window. */
export const OCTETS: u8 = 7;
/** The row is left to the reference. Stands at its first cell; the others are of no meaning. */
export const LEFT: u8 = 8;

/** Whether bytes were among the cells since the caller last said no. */
export let hasBytes: bool = false;

/** Sets `hasBytes` to false. */
export function forgetBytes(): void {
  hasBytes = false;
}

/** Writes the value of a cell; its tag, or LEFT. What is seen every day is checked on the way. */
export function putCell(column: usize, kind: u32, start: usize, end: usize, value: usize): u8 {
  if ((kind & KIND_MASK) == NONE) {
    return (kind == NONE ? isNullable(column) : isNullIfAbsent(column)) ? NULL : LEFT;
  }
  const family = familyOf(column);
  if (family == TEXT) {
    const isText = kind - STRING <= FIELD - STRING;
    if (isText || (kind <= KIND_MASK && !isInferred(column) && !isArray(column))) return putText(start, end, value);
  } else if (family == INTEGER) {
    const isInteger = kind - NUMBER <= FIELD - NUMBER && (kind != STRING || !isInferred(column));
    if (isInteger && readInteger(start, end, limitOf(column))) {
      return putInteger(integer, value);
    }
  } else if (kind <= FALSE && family == BOOLEAN) {
    store<i64>(value, kind == TRUE);
    return SHORT;
  }
  return checkCell(column, kind, start, end) == FITS ? putChecked(family, value) : LEFT;
}

/** Writes an integer; its tag. */
@inline
export function putInteger(number: i64, value: usize): u8 {
  store<i64>(value, number);
  return number == ((number as i32) as i64) ? SHORT : LONG;
}

/** Writes the value of the cell that was checked, and returns its tag. */
function putChecked(family: u32, value: usize): u8 {
  switch (family) {
    case BOOLEAN:
      store<i64>(value, truth);
      return SHORT;
    case INTEGER:
      return putInteger(integerOf(from, to), value);
    case FLOAT:
      return putNumber(value);
    case BYTES:
      putBytes(putOctets(from, to, narrowEnd), value);
      hasBytes = true;
      return OCTETS;
    default:
      return escaped == 0 ? putText(from, to, value) : putWritten(unescape(narrowEnd), value);
  }
}

function putNumber(value: usize): u8 {
  if (readDouble(from, to)) {
    store<f64>(value, double);
    return DOUBLE;
  }
  if (putDouble(from, to, value)) return DOUBLE;
  putText(from, to, value);
  return DOUBLE_TEXT;
}

@inline
function unescape(out: usize): usize {
  return escaped == FIELD ? unquoteCsv(from, to, out) : unescapeJson(from, to, out);
}
