// Reads NDJSON: one object a record, its members matched to columns by name.

import { columnAt, columnCount, keyLengthOf, nextOf } from "./column";
import {
  isSpace,
  jsonValue,
  shortStringEnd,
  space,
  stringEnd,
  stringFlags,
  valueKind,
} from "./json_value";
import { expect, findColumn, firstColumn, stands } from "./keys";
import { clearSpans, setSpan, STRING } from "./spans";

const QUOTE: u32 = 0x22;
/** Columns that are tried when the expected one does not come, before the hash table is asked. */
const LATER_MAX: i32 = 8;

/** Reads one record into the spans. False where only the reference can say what it is. */
export function readJson(from: usize, to: usize): bool {
  clearSpans();
  let at = space(from);
  if (load<u8>(at) != 0x7b) return false;
  at = space(at + 1);
  if (load<u8>(at) == 0x7d) return isEnd(at + 1, to);
  let guess = firstColumn;
  let before: i32 = -1;
  while (true) {
    if (guess < columnCount && stands(columnAt(guess), at)) {
      at += keyLengthOf(columnAt(guess));
    } else if ((guess = laterColumn(guess, at)) < columnCount) {
      at += keyLengthOf(columnAt(guess));
    } else {
      const found = findKey(at);
      if (found < 0) return false;
      expect(found, before);
      guess = found;
      at = keyEnd;
    }
    const start = space(at);
    const end = load<u8>(start) == QUOTE ? shortStringEnd(start + 1) : 0;
    if (end != 0) {
      setSpan(guess, STRING, start + 1, end);
      at = space(end + 1);
    } else {
      at = readValue(guess, start);
      if (at == 0) return false;
      at = space(at);
    }
    const c: u32 = load<u8>(at);
    if (c == 0x7d) return isEnd(at + 1, to);
    if (c != 0x2c) return false;
    at = space(at + 1);
    before = guess;
    guess = nextOf(columnAt(guess));
  }
}

/**
 * The column whose key stands at `at` among the few that are expected after `column`, if a record
 * leaves some out: then the order that is expected remains.
 */
function laterColumn(column: u32, at: usize): u32 {
  for (let i = 0; i < LATER_MAX && column < columnCount; i++) {
    column = nextOf(columnAt(column));
    if (column < columnCount && stands(columnAt(column), at)) return column;
  }
  return columnCount;
}

/** Reads a value of any form into a column's span; its end, or 0. */
function readValue(column: u32, start: usize): usize {
  const end = jsonValue(start, 1);
  if (end == 0) return 0;
  if (valueKind == STRING) setSpan(column, STRING | stringFlags, start + 1, end - 1);
  else setSpan(column, valueKind | stringFlags, start, end);
  return end;
}

/** Where the key that was found last ends, behind its colon. */
let keyEnd: usize = 0;

/** The column of the key whose opening quote stands at `at`, or -1: also if it has escapes. */
function findKey(at: usize): i32 {
  if (load<u8>(at) != QUOTE) return -1;
  const end = stringEnd(at + 1);
  if (end == 0) return -1;
  const colon = space(end + 1);
  if (load<u8>(colon) != 0x3a) return -1;
  keyEnd = colon + 1;
  return findColumn(at, (end - at + 2) as u32);
}

/** Whether nothing but white space stands between an object and the end of its record. */
@inline
export function isEnd(at: usize, to: usize): bool {
  // What is past the end belongs to the next record.
  while (at < to && isSpace(load<u8>(at))) at++;
  return at == to;
}
