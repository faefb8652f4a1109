// A row as a record of SQLite's: a header with the type of each value, and the values.
// https://sqlite.org/fileformat2.html#record_format

import { narrowAt, NARROW } from "./cell_text";
import { DOUBLE, LONG, NULL, OCTETS, SHORT } from "./cell_value";
import { columnCount } from "./column";
import { putVarint, varintLength } from "./image_varint";

// Types of values; of bytes and of text twice the length is added.
const TYPE_NULL: u8 = 0;
const TYPE_DOUBLE: u8 = 7;
const TYPE_ZERO: u32 = 8;
const TYPE_BYTES: u64 = 12;
const TYPE_TEXT: u64 = 13;

/** Whole doubles below this one are shorter as integers, of six bytes at most. */
const WHOLE_MAX: f64 = 140_737_488_355_328;

/** Where the types of the record that was measured last stand. */
let typesAt: usize = 0;
/** Bytes of its types. */
let typesLength: u32 = 0;
/** Bytes of its header, its own length included. */
let headerLength: u32 = 0;

/** Whether a whole double is written as an integer, as SQLite does in columns of REAL. */
let wholeAsInteger: bool = false;

/** Says how whole doubles are written. */
export function setWholeDoubles(asInteger: bool): void {
  wholeAsInteger = asInteger;
}

/**
 * Writes the types of a row's cells to `types`. Returns the bytes of its record, or 0 where a cell is
 * yet to be read by others.
 */
export function measureRecord(tags: usize, values: usize, types: usize): u32 {
  const count = columnCount;
  let length: u32 = 0;
  let out = types;
  for (let i: u32 = 0; i < count; i++, values += 8) {
    const tag = load<u8>(tags + i);
    if (tag == NARROW) {
      const bytes = load<u32>(values, 4) - load<u32>(values);
      length += bytes;
      out = putVarint(TYPE_TEXT + 2 * (bytes as u64), out);
    } else if (tag == SHORT || tag == LONG) {
      out = putIntegerType(load<i64>(values), out);
      length += lastLength;
    } else if (tag == NULL) {
      store<u8>(out++, TYPE_NULL);
    } else if (tag == DOUBLE) {
      if (wholeAsInteger && isWhole(load<f64>(values))) {
        const whole = load<f64>(values) as i64;
        store<i64>(values, whole);
        store<u8>(tags + i, LONG);
        out = putIntegerType(whole, out);
        length += lastLength;
      } else {
        store<u8>(out++, TYPE_DOUBLE);
        length += 8;
      }
    } else if (tag == OCTETS) {
      const bytes = load<u32>(values, 4) - load<u32>(values);
      length += bytes;
      out = putVarint(TYPE_BYTES + 2 * (bytes as u64), out);
    } else {
      return 0;
    }
  }
  typesAt = types;
  typesLength = (out - types) as u32;
  headerLength = typesLength + 1;
  // Its length counts itself.
  while (varintLength(headerLength) != headerLength - typesLength) headerLength++;
  return headerLength + length;
}

/** Bytes of the integer whose type was written last. */
let lastLength: u32 = 0;

@inline
function putIntegerType(value: i64, out: usize): usize {
  const length = integerLength(value);
  lastLength = length;
  // 1, 2, 3, 4, 6 and 8 bytes are types 1 to 6; of 0 and 1 there is a type for each.
  const type = length == 0 ? TYPE_ZERO + (value as u32) : length <= 4 ? length : 2 + (length >> 1);
  store<u8>(out, type as u8);
  return out + 1;
}

/** Bytes of an integer: none for 0 and 1. */
@inline
function integerLength(value: i64): u32 {
  if ((value as u64) < 2) return 0;
  const bytes = (72 - (clz(value ^ (value >> 63)) as u32)) >> 3;
  return bytes <= 4 ? bytes : bytes <= 6 ? 6 : 8;
}

@inline
function isWhole(value: f64): bool {
  return abs<f64>(value) < WHOLE_MAX && nearest<f64>(value) == value;
}

/** Writes the record that was measured last. Up to 16 bytes more may be written. */
export function putRecord(tags: usize, values: usize, out: usize): usize {
  out = putVarint(headerLength, out);
  copy(typesAt, out, typesLength);
  out += typesLength;
  const count = columnCount;
  for (let i: u32 = 0; i < count; i++, values += 8) {
    const tag = load<u8>(tags + i);
    if (tag == NARROW || tag == OCTETS) {
      const from = load<u32>(values);
      const length = load<u32>(values, 4) - from;
      copy(narrowAt + from, out, length);
      out += length;
    } else if (tag == SHORT || tag == LONG) {
      const value = load<i64>(values);
      const length = integerLength(value);
      store<u64>(out, bswap<u64>((value as u64) << (((8 - length) << 3) as u64)));
      out += length;
    } else if (tag == DOUBLE) {
      store<u64>(out, bswap<u64>(load<u64>(values)));
      out += 8;
    }
  }
  return out;
}

/** Copies in blocks. */
@inline
function copy(from: usize, out: usize, length: u32): void {
  const end = out + length;
  do {
    v128.store(out, v128.load(from));
    from += 16;
    out += 16;
  } while (out < end);
}
