// Reads CSV, by the rules of the reference (reference/csv_record.ts): a record into spans, or one
// field. A record that is not well-formed is UNSURE; every other one, quoted or not, is read here.
//
// The format region, as the JavaScript side writes it (wasm_columns.ts):
//
//    0  u32  delimiter              8  u32  address of the text for NULL
//    4  u32  length of that text   12  u32  fields of a record     16  u32  column of each field
//
// The delimiter is an ASCII character other than NUL, the quote and the two of a line end.

import { formatAt } from "./memory";
import { clearSpans, ESCAPED, FIELD, NONE, NUL, setSpan } from "./spans";

const QUOTE: u32 = 0x22;
const LF: u32 = 0x0a;
const CR: u32 = 0x0d;

/** Bytes whose stops are known together. */
const BLOCK: usize = 64;

/** Kind and flags of the quoted field that was read last. */
let quotedKind: u32 = FIELD;

/** Reads the record between two addresses; false if it is UNSURE. */
export function readCsv(from: usize, to: usize): bool {
  clearSpans();
  const delimiter = load<u32>(formatAt);
  const delimiters = i8x16.splat(delimiter as i8);
  let field = formatAt + 16;
  const fieldsEnd = field + ((load<u32>(formatAt, 12) as usize) << 2);
  let start = from;
  while (field != fieldsEnd) {
    let end: usize;
    while (load<u8>(start) == QUOTE && start < to) {
      const close = closingQuote(start + 1, to);
      if (close == 0) return false;
      setSpan(load<u32>(field), quotedKind, start + 1, close);
      field += 4;
      end = close + 1;
      if (end == to || load<u8>(end) != delimiter) return field == fieldsEnd && isLineEnd(end, to);
      if (field == fieldsEnd) return false;
      start = end + 1;
    }
    // The stops of the bytes from `block` on, one bit each, less those that were passed.
    let block = start;
    let stops = stopsOf(block, delimiters);
    let kind = FIELD;
    while (true) {
      while (stops == 0) {
        block += BLOCK;
        stops = stopsOf(block, delimiters);
      }
      end = block + (ctz(stops) as usize);
      stops &= stops - 1;
      let c: u32 = load<u8>(end);
      if (end >= to) {
        end = to;
        c = LF;
      }
      if (c != delimiter && c != LF) {
        if (c == QUOTE) {
          if (end != start || kind != FIELD) return false;
          break;
        }
        if (c == 0) kind |= NUL;
        if (c != CR) continue;
        if (end + 1 != to && load<u8>(end, 1) != LF) return false;
      }
      setSpan(load<u32>(field), isNull(start, end) ? NONE : kind, start, end);
      kind = FIELD;
      field += 4;
      if (c != delimiter) return field == fieldsEnd && isLineEnd(end, to);
      if (field == fieldsEnd) return false;
      start = end + 1;
    }
  }
  return false;
}

/** Kind and flags of the field that {@link readField} has read. */
export let fieldKind: u32 = NONE;
/** Where its text begins. */
export let fieldStart: usize = 0;
/** Where its text ends. */
export let fieldEnd: usize = 0;

/** Reads the field that begins at `at`; the address behind it, or 0 if it is not well-formed. */
export function readField(at: usize, to: usize): usize {
  if (load<u8>(at) == QUOTE && at < to) {
    fieldStart = at + 1;
    fieldEnd = closingQuote(at + 1, to);
    fieldKind = quotedKind;
    return fieldEnd == 0 ? 0 : fieldEnd + 1;
  }
  fieldStart = at;
  fieldKind = FIELD;
  const delimiter = load<u32>(formatAt);
  const delimiters = i8x16.splat(delimiter as i8);
  while (true) {
    const stops = stopsOf16(at, delimiters);
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    if (at >= to) {
      at = to;
      break;
    }
    const c: u32 = load<u8>(at);
    if (c == delimiter || c == LF) break;
    if (c == QUOTE) return 0;
    if (c == CR) {
      if (at + 1 != to && load<u8>(at, 1) != LF) return 0;
      break;
    }
    if (c == 0) fieldKind |= NUL;
    at++;
  }
  if (isNull(fieldStart, at)) fieldKind = NONE;
  fieldEnd = at;
  return at;
}

/** One bit for each byte that can end a field, or is not seen every day in one. */
@inline
function stopsOf(block: usize, delimiters: v128): u64 {
  return (stopsOf16(block, delimiters) as u64) |
    ((stopsOf16(block + 16, delimiters) as u64) << 16) |
    ((stopsOf16(block + 32, delimiters) as u64) << 32) |
    ((stopsOf16(block + 48, delimiters) as u64) << 48);
}

@inline
function stopsOf16(block: usize, delimiters: v128): u32 {
  const bytes = v128.load(block);
  const quotes = i8x16.eq(bytes, i8x16.splat(0x22));
  const controls = i8x16.eq(i8x16.min_u(bytes, i8x16.splat(0x0d)), bytes);
  return i8x16.bitmask(v128.or(v128.or(quotes, controls), i8x16.eq(bytes, delimiters))) as u32;
}

/** The address of the quote that closes the field whose text begins at `at`, or 0. */
function closingQuote(at: usize, to: usize): usize {
  quotedKind = FIELD;
  while (true) {
    const bytes = v128.load(at);
    const quotes = i8x16.eq(bytes, i8x16.splat(0x22));
    const stops = i8x16.bitmask(v128.or(quotes, i8x16.eq(bytes, i8x16.splat(0))));
    if (stops == 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    if (at >= to) return 0;
    if (load<u8>(at) == 0) {
      quotedKind |= NUL;
      at++;
    } else if (at + 1 < to && load<u8>(at, 1) == QUOTE) {
      quotedKind |= ESCAPED;
      at += 2;
    } else {
      return at;
    }
  }
}

/** Whether a field without quotes is the text for NULL. */
@inline
export function isNull(from: usize, to: usize): bool {
  return to - from == load<u32>(formatAt, 4) && isNullText(from, to);
}

function isNullText(from: usize, to: usize): bool {
  let text: usize = load<u32>(formatAt, 8);
  for (; from < to; from++, text++) if (load<u8>(from) != load<u8>(text)) return false;
  return true;
}

/** Whether nothing but line ends stands there. */
@inline
export function isLineEnd(at: usize, to: usize): bool {
  for (; at < to; at++) {
    const c: u32 = load<u8>(at);
    if (c != LF && c != CR) return false;
  }
  return true;
}
