// Writes an NDJSON record as COPY text while reading it, cell by cell, where its members come in
// the order of the columns; some may be missing. That is how most records are, and twice as fast as
// by way of spans. What it does not expect, it leaves to others: the cell of a rare form to
// `checkCell`, a record that is not in order to the caller.

import { writeBinaryMembers } from "./binary_direct";
import { checkCell, isFormed, nulAllowed } from "./check";
import {
  COLUMN_SIZE,
  columnAt,
  columnCount,
  DECIMAL,
  familyOf,
  FLOAT,
  FORMED,
  INTEGER,
  isInferred,
  isNullIfAbsent,
  keyLengthOf,
  sureDigitsOf,
  TEXT,
  typeOf,
} from "./column";
import { endRow, NULL_MARK, putAscii, putPlain, TAB, writeCell } from "./copy_text";
import { codePoint, codePointEnd } from "./escape";
import { isEnd } from "./json";
import {
  digitsEnd,
  escapeEnd,
  escapeLetter,
  jsonValue,
  nonDigits,
  space,
  stops,
  stringFlags,
  valueKind,
} from "./json_value";
import { stands } from "./keys";
import { isWorthTrying, learnOrder } from "./order";
import { FLOAT_LENGTH_SAFE, isDoubleKept } from "./number";
import { STRING } from "./spans";
import { putCodePoint } from "./utf8";

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;
const MINUS: u32 = 0x2d;
const ZERO: u32 = 0x30;

/** Writes the record, as COPY text or in binary; 0 where that is not to be done so. */
@inline
export function writeDirect(isText: bool, from: usize, to: usize, out: usize, ordinal: i64): usize {
  if (!isWorthTrying()) return 0;
  const next = isText
    ? writeMembers(from, to, out, ordinal)
    : writeBinaryMembers(from, to, out, ordinal);
  learnOrder(next != 0);
  return next;
}

/** Where the cell that was written last ends in the input. */
let cellEnd: usize = 0;

function writeMembers(from: usize, to: usize, out: usize, ordinal: i64): usize {
  if (load<u8>(from) != OPEN) return 0;
  let at = from + 1;
  let column = columnAt(0);
  const end = columnAt(columnCount);
  while (true) {
    at = space(at);
    while (column < end && !stands(column, at)) {
      if (!isNullIfAbsent(column)) return 0;
      out = putNull(out);
      column += COLUMN_SIZE;
    }
    if (column == end) return 0;
    at = space(at + keyLengthOf(column));
    const family = familyOf(column);
    const c: u32 = load<u8>(at);
    if (c == QUOTE && family == TEXT) {
      at++;
      // Spelled out wherever text is copied: as a function, even inlined, it costs a quarter of the speed.
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
      at++;
    } else {
      const end = family == INTEGER && c - ZERO <= 9 ? shortIntegerEnd(column, at) : 0;
      if (end != 0) {
        v128.store(out, v128.load(at));
        out += end - at;
        at = end;
      } else {
        out = putOther(column, family, at, out);
        if (out == 0) return 0;
        at = cellEnd;
      }
    }
    store<u8>(out++, TAB);
    column += COLUMN_SIZE;
    at = space(at);
    const next: u32 = load<u8>(at++);
    if (next == COMMA) continue;
    if (next != CLOSE || !isEnd(at, to)) return 0;
    break;
  }
  for (; column < end; column += COLUMN_SIZE) {
    if (!isNullIfAbsent(column)) return 0;
    out = putNull(out);
  }
  return endRow(out, ordinal);
}

@inline
function putNull(out: usize): usize {
  store<u32>(out, NULL_MARK | (TAB << 16));
  return out + 3;
}

/** Writes the rest of a JSON string, from where reading it had to stop. */
function putRest(at: usize, out: usize): usize {
  while (true) {
    const c: u32 = load<u8>(at);
    if (c == QUOTE) {
      cellEnd = at;
      return out;
    }
    if (c != BACKSLASH) return 0;
    const letter: u32 = load<u8>(at, 1);
    const meaning = escapeLetter(letter);
    if (meaning == 0) return 0;
    if (meaning == 1) {
      const end = escapeEnd(at);
      if (end == 0) return 0;
      at = codePointEnd(at);
      if (codePoint == 0 && !nulAllowed) return 0;
      out = codePoint < 0x80 ? putAscii(codePoint, out) : putCodePoint(codePoint, out);
    } else {
      at += 2;
      if (letter == QUOTE || letter == 0x2f || letter == 0x66) {
        store<u8>(out++, meaning);
      } else {
        // COPY spells all others as JSON does.
        store<u16>(out, BACKSLASH | (letter << 8));
        out += 2;
      }
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

/** The end of the digits at `at`, if they fit a column of integers and a block; else 0. */
@inline
function shortIntegerEnd(column: usize, at: usize): usize {
  const digits: u32 = ctz(nonDigits(v128.load(at)) | 0x10000);
  const fits = digits <= sureDigitsOf(column) && (digits == 1 || load<u8>(at) != ZERO);
  return fits ? at + digits : 0;
}

/** Whether no fraction or exponent stands there. */
@inline
function isNumberEnd(at: usize): bool {
  const c: u32 = load<u8>(at);
  return c <= COMMA || c == CLOSE;
}

/** The end of a number without exponent that is short enough to be in range of every type; else 0. */
@inline
function shortNumberEnd(at: usize): usize {
  const first = at + usize(load<u8>(at) == MINUS);
  let end = digitsEnd(first);
  if (end == first || (end > first + 1 && load<u8>(first) == ZERO)) return 0;
  if (load<u8>(end) == 0x2e) {
    const point = end;
    end = digitsEnd(point + 1);
    if (end == point + 1) return 0;
  }
  return end - at <= FLOAT_LENGTH_SAFE && isNumberEnd(end) ? end : 0;
}

/** The closing quote of a string without escapes that begins at `at`, or 0. */
@inline
function plainStringEnd(at: usize): usize {
  let mask = stops(v128.load(at));
  while (mask == 0) {
    at += 16;
    mask = stops(v128.load(at));
  }
  at += ctz(mask);
  return load<u8>(at) == QUOTE ? at : 0;
}

/** Writes any other cell whose value begins at `at`. */
function putOther(column: usize, family: u32, at: usize, out: usize): usize {
  const c: u32 = load<u8>(at);
  if (c == QUOTE && family == FORMED) {
    const end = plainStringEnd(at + 1);
    if (end != 0 && isFormed(typeOf(column), at + 1, end)) {
      cellEnd = end + 1;
      return putPlain(at + 1, end, out);
    }
  } else if (c == MINUS && family == INTEGER) {
    const end = shortIntegerEnd(column, at + 1);
    if (end > at + 1) {
      cellEnd = end;
      return putPlain(at, end, out);
    }
  } else if (c <= 0x39 && (family == FLOAT || family == DECIMAL)) {
    const end = shortNumberEnd(at);
    const isAny = family == DECIMAL || !isInferred(column);
    if (end != 0 && (isAny || isDoubleKept(at, end))) {
      cellEnd = end;
      return putPlain(at, end, out);
    }
  }
  const end = jsonValue(at, 1);
  if (end == 0) return 0;
  cellEnd = end;
  const kind = valueKind;
  const verdict = kind == STRING
    ? checkCell(column, kind | stringFlags, at + 1, end - 1)
    : checkCell(column, kind | stringFlags, at, end);
  return writeCell(column, verdict, out);
}
