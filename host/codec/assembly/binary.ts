// Writes rows as PostgreSQL's binary COPY data (manual, COPY, "Binary Format"): the number of fields,
// and of each its length and its data, all of them with the highest byte first. Up to 15 bytes more
// than the result may be written.

import { integerOf, numberOf } from "./binary_digits";
import {
  isFloatName,
  putFloat4,
  putFloat4Name,
  putFloat8,
  putFloat8Name,
} from "./binary_float";
import { putNumeric } from "./binary_numeric";
import { clockOf, clockTo, daysOf, microsecondsOf, offsetOf, putUuid } from "./binary_time";
import { check, escaped, FITS, from as cellFrom, IS_NULL, to as cellTo, truth } from "./check";
import { COLUMN_SIZE, columnAt, columnCount, isInferred, wireOf } from "./column";
import { putPlain } from "./copy_text";
import { decimalEnd } from "./decimal";
import { unescapeJson, unquoteCsv } from "./escape";
import { nonDigits } from "./json_value";
import { putOctets } from "./octets";
import { endOf, FIELD, kindOf, NUMBER, startOf, STRING } from "./spans";

// The server's types, by their position in the list of wasm_columns.ts.
export const BOOL: u32 = 0;
export const INT2: u32 = 1;
export const INT4: u32 = 2;
export const INT8: u32 = 3;
export const NUMERIC: u32 = 4;
export const FLOAT4: u32 = 5;
export const FLOAT8: u32 = 6;
export const TEXT: u32 = 7;
const JSON: u32 = 8;
const JSONB: u32 = 9;
const BYTEA: u32 = 10;
export const DATE: u32 = 11;
const TIME: u32 = 12;
const TIMESTAMP: u32 = 13;
const TIMESTAMPTZ: u32 = 14;

const ZERO: u32 = 0x30;
const MINUS: u32 = 0x2d;

/** In place of a length: the field is NULL. */
const NULL_LENGTH: u32 = 0xffffffff;
/** The one version of `jsonb` on the wire. */
const JSONB_VERSION: u32 = 1;

/** Writes the row whose spans were read; 0 where only the reference can. */
export function writeBinaryRow(out: usize, ordinal: i64): usize {
  const count = columnCount;
  out = beginRow(ordinal, out);
  let column = columnAt(0);
  for (let i: u32 = 0; i < count; i++) {
    const type = wireOf(column);
    const kind = kindOf(i);
    // A number, a string or a field in which nothing is escaped.
    const next = kind - NUMBER <= FIELD - NUMBER && (!isInferred(column) || isUsual(type, kind))
      ? putPlainCell(type, startOf(i), endOf(i), out)
      : 0;
    out = next != 0 ? next : putCell(type, check(column, i), out);
    if (out == 0) return 0;
    column += COLUMN_SIZE;
  }
  return endRow(ordinal, out);
}

/** Whether a cell of this kind is what a text or an integer is inferred from. */
@inline
function isUsual(type: u32, kind: u32): bool {
  return kind == FIELD || kind == (type == TEXT ? STRING : NUMBER);
}

/** Writes a text, or an integer that is certain to fit; 0 for all else. */
@inline
function putPlainCell(type: u32, from: usize, to: usize, out: usize): usize {
  if (type == TEXT) return endField(out, putPlain(from, to, out + 4));
  if (type - INT2 > INT8 - INT2) return 0;
  const negative = load<u8>(from) == MINUS;
  const first = from + usize(negative);
  const length = (to - first) as u32;
  if (length - 1 >= sureDigits(type) || digitCount(first) < length) return 0;
  if (length > 1 && load<u8>(first) == ZERO) return 0;
  return putInteger(type, numberOf(first, length), negative, out);
}

/** So many digits always fit an integer type. */
@inline
export function sureDigits(type: u32): u32 {
  return type == INT4 ? 9 : type == INT8 ? 18 : 4;
}

/** How many digits begin at `at`, of which 32 characters are looked at. */
@inline
export function digitCount(at: usize): u32 {
  const count: u32 = ctz(nonDigits(v128.load(at)) | 0x10000);
  return count < 16 ? count : 16 + ctz(nonDigits(v128.load(at, 16)) | 0x10000);
}

/** Writes an integer, which fits, in as many bytes as its type has. */
@inline
export function putInteger(type: u32, size: u64, negative: bool, out: usize): usize {
  const value = negative ? 0 - (size as i64) : size as i64;
  if (type == INT4) return putInt4(value as u32, out);
  return type == INT8 ? putInt8(value, out) : putInt2(value as u32, out);
}

/** Writes the number of fields, one more than columns with an ordinal, which is not negative. */
@inline
export function beginRow(ordinal: i64, out: usize): usize {
  store<u16>(out, bswap<u16>((columnCount + u32(ordinal >= 0)) as u16));
  return out + 2;
}

/** Writes the ordinal, if it is not negative. */
@inline
export function endRow(ordinal: i64, out: usize): usize {
  return ordinal >= 0 ? putInt8(ordinal, out) : out;
}

/** Writes the cell that was checked last as a field; 0 where only the reference can. */
export function putCell(type: u32, verdict: u32, out: usize): usize {
  if (verdict == FITS) return putField(type, cellFrom, cellTo, out);
  return verdict == IS_NULL ? putNull(out) : 0;
}

@inline
export function putNull(out: usize): usize {
  store<u32>(out, NULL_LENGTH);
  return out + 4;
}

/** Writes a cell's text, as a check leaves it, as a field; 0 where only the reference can. */
export function putField(type: u32, from: usize, to: usize, out: usize): usize {
  switch (type) {
    case BOOL:
      return putBool(truth, out);
    case INT2:
      return putInt2(integerOf(from, to) as u32, out);
    case INT4:
      return putInt4(integerOf(from, to) as u32, out);
    case INT8:
      return putInt8(integerOf(from, to), out);
    case NUMERIC:
      return putNumeric(from, to, out);
    case FLOAT4:
      if (isFloatName(from)) return putFloat4Name(from, out);
      return ifEnds(to, putFloat4(from, out));
    case FLOAT8:
      if (isFloatName(from)) return putFloat8Name(from, out);
      return ifEnds(to, putFloat8(from, out));
    case TEXT:
      if (escaped != 0) return putUnescaped(from, to, out);
      return endField(out, putPlain(from, to, out + 4));
    case JSON:
      return endField(out, putPlain(from, to, out + 4));
    case JSONB:
      store<u8>(out, JSONB_VERSION, 4);
      return endField(out, putPlain(from, to, out + 5));
    case BYTEA:
      return endField(out, putOctets(from, to, out + 4));
    case DATE:
      return putInt4(daysOf(from), out);
    case TIME:
      return putInt8(clockOf(from, to), out);
    case TIMESTAMP:
      return putInt8(microsecondsOf(from, to), out);
    case TIMESTAMPTZ: {
      const local = microsecondsOf(from, to);
      return putInt8(local - offsetOf(clockTo, to), out);
    }
    default:
      return putUuid(from, out);
  }
}

/** What was put of a float, if it ends at `to`: further digits may stand behind it. */
@inline
function ifEnds(to: usize, out: usize): usize {
  return decimalEnd == to ? out : 0;
}

@inline
function putLength(length: u32, out: usize): void {
  store<u32>(out, bswap<u32>(length));
}

/** Writes the length of the field whose data lie between its length and `end`; returns `end`. */
@inline
export function endField(field: usize, end: usize): usize {
  putLength((end - field - 4) as u32, field);
  return end;
}

@inline
export function putBool(value: bool, out: usize): usize {
  putLength(1, out);
  store<u8>(out, u8(value), 4);
  return out + 5;
}

@inline
function putInt2(value: u32, out: usize): usize {
  putLength(2, out);
  store<u16>(out, bswap<u16>(value as u16), 4);
  return out + 6;
}

@inline
function putInt4(value: u32, out: usize): usize {
  putLength(4, out);
  store<u32>(out, bswap<u32>(value), 4);
  return out + 8;
}

@inline
function putInt8(value: i64, out: usize): usize {
  putLength(8, out);
  store<u64>(out, bswap<u64>(value as u64), 4);
  return out + 12;
}

function putUnescaped(from: usize, to: usize, out: usize): usize {
  const data = out + 4;
  return endField(
    out,
    escaped == STRING ? unescapeJson(from, to, data) : unquoteCsv(from, to, data),
  );
}
