// Writes rows as PostgreSQL's COPY text (manual, COPY, "Text Format"), in blocks of 16 bytes: up to
// 15 bytes more than the result may be read and written.

import { checkCell, escaped, FITS, from, IS_NULL, plain, to, truth } from "./check";
import {
  BOOLEAN,
  BYTES,
  COLUMN_SIZE,
  columnAt,
  columnCount,
  familyOf,
  INTEGER,
  sureDigitsOf,
  TEXT,
} from "./column";
import { codePoint, codePointEnd } from "./escape";
import { nonDigits } from "./json_value";
import { putOctetsHex } from "./octets";
import { endOf, kindOf, NUMBER, startOf, STRING } from "./spans";
import { putCodePoint } from "./utf8";

const BACKSLASH: u32 = 0x5c;
export const TAB: u32 = 9;
const LF: u32 = 10;
/** `\N`, the mark of NULL. */
export const NULL_MARK: u32 = 0x4e5c;

/**
 * The letter that stands after a backslash for each byte from 8 to 13. Those for which other databases
 * have none (MySQL's LOAD DATA reads `\v` and `\f` as letters) stand as they are.
 */
const letters = memory.data<u8>([0x62, 0x74, 0x6e, 0, 0, 0x72]);

/** Writes the row whose spans were read; 0 where only the reference can. */
export function writeTextRow(out: usize, ordinal: i64): usize {
  const count = columnCount;
  let column = columnAt(0);
  for (let i: u32 = 0; i < count; i++) {
    const kind = kindOf(i);
    const family = familyOf(column);
    if (family == TEXT && kind == STRING) {
      out = putPlain(startOf(i), endOf(i), out);
    } else if (family == INTEGER && kind == NUMBER && isShort(column, startOf(i), endOf(i))) {
      v128.store(out, v128.load(startOf(i)));
      out += endOf(i) - startOf(i);
    } else {
      out = writeCell(column, checkCell(column, kind, startOf(i), endOf(i)), out);
      if (out == 0) return 0;
    }
    store<u8>(out++, TAB);
    column += COLUMN_SIZE;
  }
  return endRow(out, ordinal);
}

/** Whether a number is of digits alone, few enough for the column, and fits a block. */
@inline
function isShort(column: usize, from: usize, to: usize): bool {
  const digits: u32 = ctz(nonDigits(v128.load(from)) | 0x10000);
  return digits == ((to - from) as u32) && digits <= sureDigitsOf(column);
}

/** Writes the ordinal, if it is not negative, and the line end over the last separator. */
export function endRow(out: usize, ordinal: i64): usize {
  if (ordinal >= 0) out = putDigits(ordinal, out) + 1;
  else if (columnCount == 0) out++;
  store<u8>(out - 1, LF);
  return out;
}

/** Writes the cell that was checked last; 0 if it does not fit. */
export function writeCell(column: usize, verdict: u32, out: usize): usize {
  if (verdict == IS_NULL) {
    store<u16>(out, NULL_MARK);
    return out + 2;
  }
  if (verdict != FITS) return 0;
  const family = familyOf(column);
  if (family == BOOLEAN) {
    store<u8>(out, truth ? 0x74 : 0x66);
    return out + 1;
  }
  if (family == BYTES) {
    // The backslash of `\x`, escaped.
    store<u32>(out, 0x785c5c);
    return putOctetsHex(from, to, out + 3);
  }
  if (plain) return putPlain(from, to, out);
  if (escaped == STRING) return putJson(from, to, out);
  return putEscaped(from, to, out, escaped != 0);
}

/** Writes bytes that need no escape. */
@inline
export function putPlain(from: usize, to: usize, out: usize): usize {
  const end = out + (to - from);
  do {
    v128.store(out, v128.load(from));
    from += 16;
    out += 16;
  } while (out < end);
  return end;
}

/** Writes text, escaped where COPY asks for it; of doubled quotes, if `doubled`, only one each. */
export function putEscaped(from: usize, to: usize, out: usize, doubled: bool): usize {
  const backslash = i8x16.splat(BACKSLASH as i8);
  const quote = i8x16.splat(doubled ? 0x22 : BACKSLASH as i8);
  while (from < to) {
    const block = v128.load(from);
    v128.store(out, block);
    const control = i8x16.sub(block, i8x16.splat(8));
    const mask = i8x16.bitmask(v128.or(
      v128.or(i8x16.eq(block, backslash), i8x16.eq(block, quote)),
      i8x16.eq(i8x16.min_u(control, i8x16.splat(5)), control),
    ));
    const clear = mask == 0 ? 16 : ctz(mask);
    if (from + clear >= to) return out + (to - from);
    out += clear;
    from += clear;
    if (mask == 0) continue;
    const c: u32 = load<u8>(from);
    if (c == 0x22) {
      store<u8>(out++, c);
      from += 2;
    } else {
      out = putAscii(c, out);
      from++;
    }
  }
  return out;
}

/** Writes a JSON string without its escapes, with those of COPY. */
export function putJson(from: usize, to: usize, out: usize): usize {
  const backslash = i8x16.splat(BACKSLASH as i8);
  while (from < to) {
    const block = v128.load(from);
    v128.store(out, block);
    const mask = i8x16.bitmask(i8x16.eq(block, backslash));
    const clear = mask == 0 ? 16 : ctz(mask);
    if (from + clear >= to) return out + (to - from);
    out += clear;
    from += clear;
    if (mask == 0) continue;
    const letter: u32 = load<u8>(from, 1);
    if (letter == 0x22 || letter == 0x2f || letter == 0x66) {
      store<u8>(out++, letter == 0x66 ? 0x0c : letter);
      from += 2;
    } else if (letter != 0x75) {
      // COPY spells all others as JSON does.
      store<u16>(out, load<u16>(from));
      out += 2;
      from += 2;
    } else {
      from = codePointEnd(from);
      out = codePoint < 0x80 ? putAscii(codePoint, out) : putCodePoint(codePoint, out);
    }
  }
  return out;
}

/** Writes an ASCII character, escaped if COPY asks for it. */
export function putAscii(c: u32, out: usize): usize {
  const letter: u32 = c == BACKSLASH ? c : c - 8 <= 5 ? load<u8>(letters + c - 8) : 0;
  if (letter == 0) {
    store<u8>(out, c);
    return out + 1;
  }
  store<u16>(out, BACKSLASH | (letter << 8));
  return out + 2;
}

/** Writes a whole number from 0 on. */
function putDigits(value: u64, out: usize): usize {
  let count: usize = 1;
  for (let rest = value; rest >= 10; rest /= 10) count++;
  let at = out + count;
  do {
    store<u8>(--at, 0x30 + (value % 10));
    value /= 10;
  } while (value != 0);
  return out + count;
}
