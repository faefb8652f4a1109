// Writes an NDJSON record as binary COPY data while reading it, as direct.ts does for the text form.

import {
  beginRow,
  BOOL,
  DATE,
  digitCount,
  endField,
  endRow,
  FLOAT4,
  FLOAT8,
  INT2,
  INT8,
  NUMERIC,
  putBool,
  putCell,
  putField,
  putInteger,
  putNull,
  sureDigits,
  TEXT,
} from "./binary";
import { numberOf } from "./binary_digits";
import { putFloat4, putFloat8 } from "./binary_float";
import { putNumeric } from "./binary_numeric";
import { checkCell, isFormed, nulAllowed } from "./check";
import {
  COLUMN_SIZE,
  columnAt,
  columnCount,
  isInferred,
  isNullable,
  isNullIfAbsent,
  keyLengthOf,
  typeOf,
  wireOf,
} from "./column";
import { decimalEnd } from "./decimal";
import { codePoint, codePointEnd } from "./escape";
import { isEnd } from "./json";
import {
  escapeEnd,
  escapeLetter,
  jsonValue,
  space,
  stops,
  stringFlags,
  valueKind,
} from "./json_value";
import { stands } from "./keys";
import { isReadKept } from "./shortest";
import { STRING } from "./spans";
import { putCodePoint } from "./utf8";

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const POINT: u32 = 0x2e;
const MINUS: u32 = 0x2d;
const ZERO: u32 = 0x30;
const LETTER_E: u32 = 0x65;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;
/** Words of four letters; of `false`, those from the second on. */
const NULL_WORD: u32 = 0x6c6c756e;
const TRUE_WORD: u32 = 0x65757274;
const FALSE_REST: u32 = 0x65736c61;

/** Digits of which it can be seen at once that there are no more. */
const DECIMAL_DIGITS_MAX: u32 = 31;

/** Where the cell that was written last ends in the input. */
let cellEnd: usize = 0;

/** Writes the record; 0 where that is not to be done so. */
export function writeBinaryMembers(from: usize, to: usize, out: usize, ordinal: i64): usize {
  if (load<u8>(from) != OPEN) return 0;
  let at = from + 1;
  let column = columnAt(0);
  const end = columnAt(columnCount);
  out = beginRow(ordinal, out);
  while (true) {
    at = space(at);
    while (column < end && !stands(column, at)) {
      if (!isNullIfAbsent(column)) return 0;
      out = putNull(out);
      column += COLUMN_SIZE;
    }
    if (column == end) return 0;
    at = space(at + keyLengthOf(column));
    out = putMember(column, at, out);
    if (out == 0) return 0;
    column += COLUMN_SIZE;
    at = space(cellEnd);
    const next: u32 = load<u8>(at++);
    if (next == COMMA) continue;
    if (next != CLOSE || !isEnd(at, to)) return 0;
    break;
  }
  for (; column < end; column += COLUMN_SIZE) {
    if (!isNullIfAbsent(column)) return 0;
    out = putNull(out);
  }
  return endRow(ordinal, out);
}

/** Writes the cell whose value begins at `at`. */
@inline
function putMember(column: usize, at: usize, out: usize): usize {
  const type = wireOf(column);
  const c: u32 = load<u8>(at);
  if (type == TEXT) return c == QUOTE ? putText(at + 1, out) : putOther(column, at, out);
  if (type - INT2 <= INT8 - INT2) return putShort(column, type, at, out);
  if (type - NUMERIC <= FLOAT8 - NUMERIC) return putDecimal(column, type, at, out);
  if (type == BOOL) return putWord(column, at, out);
  return type >= DATE && c == QUOTE ? putFormed(column, type, at + 1, out) : putOther(column, at, out);
}

/** Writes the string that begins at `at`, without its escapes. */
@inline
function putText(at: usize, out: usize): usize {
  const field = out;
  out += 4;
  let mask: i32;
  while (true) {
    const block = v128.load(at);
    v128.store(out, block);
    mask = stops(block);
    if (mask != 0) break;
    at += 16;
    out += 16;
  }
  const clear = ctz(mask);
  at += clear;
  out += clear;
  if (load<u8>(at) != QUOTE) {
    out = putRest(at, out);
    if (out == 0) return 0;
    at = cellEnd;
  }
  cellEnd = at + 1;
  return endField(field, out);
}

/** Writes the rest of a string, from where reading it had to stop; 0 if it is none. */
function putRest(at: usize, out: usize): usize {
  while (true) {
    const c: u32 = load<u8>(at);
    if (c == QUOTE) {
      cellEnd = at;
      return out;
    }
    if (c != BACKSLASH) return 0;
    const letter = escapeLetter(load<u8>(at, 1));
    if (letter > 1) {
      store<u8>(out++, letter);
      at += 2;
    } else {
      if (letter == 0 || escapeEnd(at) == 0) return 0;
      at = codePointEnd(at);
      if (codePoint == 0 && !nulAllowed) return 0;
      out = putCodePoint(codePoint, out);
    }
    let mask: i32;
    while (true) {
      const block = v128.load(at);
      v128.store(out, block);
      mask = stops(block);
      if (mask != 0) break;
      at += 16;
      out += 16;
    }
    const clear = ctz(mask);
    at += clear;
    out += clear;
  }
}

/** Writes an integer: here one of few enough digits, without fraction and exponent. */
@inline
function putShort(column: usize, type: u32, at: usize, out: usize): usize {
  const negative = load<u8>(at) == MINUS;
  const first = at + usize(negative);
  const digits = digitCount(first);
  const end = first + digits;
  const after: u32 = load<u8>(end);
  if (
    digits - 1 >= sureDigits(type) || after == POINT ||
    (after | 0x20) == LETTER_E || (digits > 1 && load<u8>(first) == ZERO)
  ) {
    return putOther(column, at, out);
  }
  cellEnd = end;
  return putInteger(type, numberOf(first, digits), negative, out);
}

/** Writes a decimal or a float: here a number, of few enough digits if it is a decimal. */
@inline
function putDecimal(column: usize, type: u32, at: usize, out: usize): usize {
  if (type == NUMERIC) {
    const end = shortDecimalEnd(at);
    if (end == 0) return putOther(column, at, out);
    cellEnd = end;
    return putNumeric(at, end, out);
  }
  const next = type == FLOAT4 ? putFloat4(at, out) : putFloat8(at, out);
  if (next == 0 || (isInferred(column) && !isReadKept())) return putOther(column, at, out);
  cellEnd = decimalEnd;
  return next;
}

/** The end of a number with so few digits that it fits, and no exponent; else 0. */
@inline
function shortDecimalEnd(at: usize): usize {
  const first = at + usize(load<u8>(at) == MINUS);
  const digits = digitCount(first);
  if (digits - 1 >= DECIMAL_DIGITS_MAX || (digits > 1 && load<u8>(first) == ZERO)) return 0;
  const end = first + digits;
  const after: u32 = load<u8>(end);
  if (after != POINT) return (after | 0x20) != LETTER_E ? end : 0;
  const fraction = digitCount(end + 1);
  const last = end + 1 + fraction;
  return fraction - 1 < DECIMAL_DIGITS_MAX && (load<u8>(last) | 0x20) != LETTER_E ? last : 0;
}

/** Writes a boolean: here `true` or `false`. */
@inline
function putWord(column: usize, at: usize, out: usize): usize {
  if (load<u32>(at) == TRUE_WORD) {
    cellEnd = at + 4;
    return putBool(true, out);
  }
  if (load<u8>(at) == 0x66 && load<u32>(at, 1) == FALSE_REST) {
    cellEnd = at + 5;
    return putBool(false, out);
  }
  return putOther(column, at, out);
}

/** Writes the date, time or UUID whose opening quote stands before `at`. */
@inline
function putFormed(column: usize, type: u32, at: usize, out: usize): usize {
  let end = at;
  let mask = stops(v128.load(end));
  while (mask == 0) {
    end += 16;
    mask = stops(v128.load(end));
  }
  end += ctz(mask);
  if (load<u8>(end) != QUOTE || !isFormed(typeOf(column), at, end)) return putOther(column, at - 1, out);
  cellEnd = end + 1;
  return putField(type, at, end, out);
}

/** Writes any other cell whose value begins at `at`; 0 if that is not certain. */
function putOther(column: usize, at: usize, out: usize): usize {
  if (load<u32>(at) == NULL_WORD && isNullable(column)) {
    cellEnd = at + 4;
    return putNull(out);
  }
  const end = jsonValue(at, 1);
  if (end == 0) return 0;
  cellEnd = end;
  const kind = valueKind;
  const verdict = kind == STRING
    ? checkCell(column, kind | stringFlags, at + 1, end - 1)
    : checkCell(column, kind | stringFlags, at, end);
  return putCell(wireOf(column), verdict, out);
}
