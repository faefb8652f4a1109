// Writes a CSV record as COPY text while reading it, field by field, where the fields are the
// columns in their order. What it does not expect, it leaves to others: the cell of a rare form to
// `checkCell`, a record that is not well-formed to the caller.
//
// That a record has no line end of its own is found only when its end was passed, up to the end of
// the slice: what was written till then does not count.

import { checkCell, nulAllowed } from "./check";
import {
  BOOLEAN,
  COLUMN_SIZE,
  columnAt,
  columnCount,
  familyOf,
  INTEGER,
  isNullable,
  sureDigitsOf,
  TEXT,
} from "./column";
import { endRow, NULL_MARK, putAscii, TAB, writeCell } from "./copy_text";
import { fieldEnd, fieldKind, fieldStart, isLineEnd, isNull, readField } from "./csv";
import { nonDigits } from "./json_value";
import { formatAt } from "./memory";

const QUOTE: u32 = 0x22;
const LF: u32 = 0x0a;
const CR: u32 = 0x0d;
const LETTER_E: u32 = 0x65;
const LETTER_F: u32 = 0x66;
const LETTER_T: u32 = 0x74;
const TRUE_WORD: u32 = 0x65757274;
/** `fals`. */
const FALSE_WORD: u32 = 0x736c6166;

/** Whether records of the batch can be written so. */
let inOrder: bool = false;

/** Begins with a batch, whose format region was written. */
export function expectFields(): void {
  const delimiter = load<u32>(formatAt);
  // Integers and booleans are read without a look at the delimiter.
  const apart = delimiter - 0x30 > 9 && (delimiter | 0x20) - 0x61 > 25;
  inOrder = apart && columnCount > 0 && load<u32>(formatAt, 12) == columnCount;
  for (let i: u32 = 0; inOrder && i < columnCount; i++) {
    inOrder = load<u32>(formatAt + (i << 2), 16) == i;
  }
}

/** Where the cell that was written last ends in the input. */
let cellEnd: usize = 0;

/** Writes the record; 0 where that is not to be done so. */
export function writeFields(from: usize, to: usize, out: usize, ordinal: i64): usize {
  if (!inOrder) return 0;
  const delimiter = load<u32>(formatAt);
  // What NULL begins with: where its text is empty, it is what ends the field.
  const emptyIsNull = load<u32>(formatAt, 4) == 0;
  const nullStart: u32 = emptyIsNull ? delimiter : load<u8>(load<u32>(formatAt, 8));
  let at = from;
  let column = columnAt(0);
  const end = columnAt(columnCount);
  while (true) {
    const family = familyOf(column);
    const c: u32 = load<u8>(at);
    if (family == TEXT) {
      out = writeText(at, to, out, column);
      if (out == 0) return 0;
      at = cellEnd;
    } else if (c == nullStart && !emptyIsNull) {
      out = writeOther(at, to, out, column);
      if (out == 0) return 0;
      at = cellEnd;
    } else if (c == nullStart) {
      if (!isNullable(column)) return 0;
      store<u16>(out, NULL_MARK);
      out += 2;
    } else {
      const quoted = usize(c == QUOTE);
      const block = v128.load(at + quoted);
      const digits: u32 = ctz(nonDigits(block) | 0x10000);
      if (
        family == INTEGER && digits - 1 < sureDigitsOf(column) &&
        (digits == 1 || load<u8>(at + quoted) != 0x30)
      ) {
        v128.store(out, block);
        at += digits + quoted;
        out += digits;
      } else if (family == BOOLEAN && load<u32>(at + quoted) == TRUE_WORD) {
        store<u8>(out++, LETTER_T);
        at += 4 + quoted;
      } else if (family == BOOLEAN && isFalse(at + quoted)) {
        store<u8>(out++, LETTER_F);
        at += 5 + quoted;
      } else {
        out = writeOther(at, to, out, column);
        if (out == 0) return 0;
        at = cellEnd - quoted;
      }
      if (quoted != 0 && load<u8>(at) != QUOTE) return 0;
      at += quoted;
    }
    column += COLUMN_SIZE;
    if (load<u8>(at) != delimiter || at >= to) break;
    if (column == end) return 0;
    store<u8>(out++, TAB);
    at++;
  }
  if (column != end || at > to || !isLineEnd(at, to)) return 0;
  // Only behind a quoted field may a carriage return stand that is none of a line end's.
  if (at + 1 < to && load<u8>(at) == CR && load<u8>(at, 1) != LF) return 0;
  store<u8>(out++, TAB);
  return endRow(out, ordinal);
}

@inline
function isFalse(at: usize): bool {
  return load<u32>(at) == FALSE_WORD && load<u8>(at, 4) == LETTER_E;
}

/** Writes a field of text. */
@inline
function writeText(at: usize, to: usize, out: usize, column: usize): usize {
  return load<u8>(at) == QUOTE ? writeQuoted(at + 1, to, out) : writePlain(at, to, out, column);
}

function writePlain(start: usize, to: usize, outStart: usize, column: usize): usize {
  const delimiter = load<u32>(formatAt);
  const delimiters = i8x16.splat(delimiter as i8);
  let at = start;
  let out = outStart;
  while (true) {
    const block = v128.load(at);
    v128.store(out, block);
    const stops = i8x16.bitmask(v128.or(oddOf(block), i8x16.eq(block, delimiters)));
    if (stops == 0) {
      at += 16;
      out += 16;
      continue;
    }
    at += ctz(stops);
    out += ctz(stops);
    const c: u32 = load<u8>(at);
    if (c == delimiter || c == LF || c == CR || at >= to) break;
    if (c == QUOTE || (c == 0 && !nulAllowed)) return 0;
    out = putAscii(c, out);
    at++;
  }
  cellEnd = at;
  if (!isNull(start, at)) return out;
  store<u16>(outStart, NULL_MARK);
  return isNullable(column) ? outStart + 2 : 0;
}

/** Writes a quoted field whose opening quote stands before `at`. */
function writeQuoted(at: usize, to: usize, out: usize): usize {
  while (true) {
    const block = v128.load(at);
    v128.store(out, block);
    const stops = i8x16.bitmask(oddOf(block));
    if (stops == 0) {
      at += 16;
      out += 16;
      continue;
    }
    at += ctz(stops);
    out += ctz(stops);
    const c: u32 = load<u8>(at);
    if (at >= to || (c == 0 && !nulAllowed)) return 0;
    at++;
    if (c != QUOTE) {
      out = putAscii(c, out);
    } else if (at < to && load<u8>(at) == QUOTE) {
      out++;
      at++;
    } else {
      cellEnd = at;
      return out;
    }
  }
}

/** The bytes that are a quote, or that COPY may want escaped, or that end a field or the input. */
@inline
function oddOf(block: v128): v128 {
  const quotes = i8x16.eq(block, i8x16.splat(0x22));
  const backslashes = i8x16.eq(block, i8x16.splat(0x5c));
  const controls = i8x16.eq(i8x16.min_u(block, i8x16.splat(0x0d)), block);
  return v128.or(v128.or(quotes, backslashes), controls);
}

/** Writes a field of any kind. */
function writeOther(at: usize, to: usize, out: usize, column: usize): usize {
  cellEnd = readField(at, to);
  if (cellEnd == 0) return 0;
  return writeCell(column, checkCell(column, fieldKind, fieldStart, fieldEnd), out);
}
