// Prepares the cells of an NDJSON record while reading it, where its members come in the order of
// the columns; some may be missing. That is how most records are. What it does not expect, it leaves
// to others: a cell of a rare form to `putCell`, a record that is not in order to the caller.

import { integerFrom } from "./cell_number";
import { putText } from "./cell_text";
import { LEFT, NULL, putCell, putInteger } from "./cell_value";
import {
  COLUMN_SIZE,
  columnAt,
  columnCount,
  familyOf,
  INTEGER,
  isNullIfAbsent,
  keyLengthOf,
  sureDigitsOf,
  TEXT,
} from "./column";
import { isEnd } from "./json";
import { jsonValue, nonDigits, space, stops, stringFlags, valueKind } from "./json_value";
import { stands } from "./keys";
import { isWorthTrying, learnOrder } from "./order";
import { STRING } from "./spans";

const QUOTE: u32 = 0x22;
const COMMA: u32 = 0x2c;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;
const ZERO: u32 = 0x30;

/** Digits of an integer that are read here. */
const DIGITS_MAX: u32 = 15;

/** Prepares the record; false where that is not to be done so. */
@inline
export function readMembers(from: usize, to: usize, tags: usize, values: usize): bool {
  if (!isWorthTrying()) return false;
  const done = readInOrder(from, to, tags, values);
  learnOrder(done);
  return done;
}

function readInOrder(from: usize, to: usize, tags: usize, value: usize): bool {
  if (load<u8>(from) != OPEN) return false;
  let at = from + 1;
  let column = columnAt(0);
  const end = columnAt(columnCount);
  let tag = tags;
  while (true) {
    at = space(at);
    while (column < end && !stands(column, at)) {
      if (!isNullIfAbsent(column)) return false;
      store<u8>(tag++, NULL);
      value += 8;
      column += COLUMN_SIZE;
    }
    if (column == end) return false;
    at = space(at + keyLengthOf(column));
    const family = familyOf(column);
    const c: u32 = load<u8>(at);
    const digits: u32 = family == INTEGER ? ctz(nonDigits(v128.load(at)) | 0x10000) : 0;
    let cell: u32;
    if (digits - 1 < min(DIGITS_MAX, sureDigitsOf(column)) && (c != ZERO || digits == 1)) {
      cell = putInteger(integerFrom(at, digits), value);
      at += digits;
    } else {
      const close = family == TEXT && c == QUOTE ? plainEnd(at + 1) : 0;
      if (close != 0) {
        cell = putText(at + 1, close, value);
        at = close + 1;
      } else {
        const start = at;
        at = jsonValue(start, 1);
        if (at == 0) return false;
        const inner = usize(valueKind == STRING);
        cell = putCell(column, valueKind | stringFlags, start + inner, at - inner, value);
        if (cell == LEFT) return false;
      }
    }
    store<u8>(tag++, cell);
    value += 8;
    column += COLUMN_SIZE;
    at = space(at);
    const next: u32 = load<u8>(at++);
    if (next == COMMA) continue;
    if (next != CLOSE || !isEnd(at, to)) return false;
    break;
  }
  for (; column < end; column += COLUMN_SIZE) {
    if (!isNullIfAbsent(column)) return false;
    store<u8>(tag++, NULL);
  }
  return true;
}

/** The closing quote of a string without escapes that begins at `at`, or 0. */
@inline
function plainEnd(at: usize): usize {
  let mask = stops(v128.load(at));
  while (mask == 0) {
    at += 16;
    mask = stops(v128.load(at));
  }
  at += ctz(mask);
  return load<u8>(at) == QUOTE ? at : 0;
}
