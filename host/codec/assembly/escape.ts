// Undoes the escapes of JSON strings and the doubled quotes of CSV. What is written is never longer
// than what is read. Both may read and write up to 15 bytes further.

import { codeUnit, escapeLetter } from "./json_value";
import { putCodePoint } from "./utf8";

/** The code point of the escape that was read last. */
export let codePoint: u32 = 0;

/** Reads the `\u` escape, or the pair of them, that begins at `at`; the address behind it. */
export function codePointEnd(at: usize): usize {
  const unit: u32 = codeUnit(at + 2);
  if ((unit & 0xfc00) != 0xd800) {
    codePoint = unit;
    return at + 6;
  }
  codePoint = 0x10000 + ((unit - 0xd800) << 10) + (codeUnit(at + 8) - 0xdc00);
  return at + 12;
}

/** Writes a string that was found to be valid, without its escapes, as UTF-8. */
export function unescapeJson(from: usize, to: usize, out: usize): usize {
  const backslash = i8x16.splat(0x5c);
  while (from < to) {
    const block = v128.load(from);
    v128.store(out, block);
    const mask = i8x16.bitmask(i8x16.eq(block, backslash));
    const clear = mask == 0 ? 16 : ctz(mask);
    if (from + clear >= to) return out + (to - from);
    out += clear;
    from += clear;
    if (mask == 0) continue;
    const letter = escapeLetter(load<u8>(from, 1));
    if (letter > 1) {
      store<u8>(out++, letter);
      from += 2;
    } else {
      from = codePointEnd(from);
      out = putCodePoint(codePoint, out);
    }
  }
  return out;
}

/** Writes a quoted field with its doubled quotes made single. */
export function unquoteCsv(from: usize, to: usize, out: usize): usize {
  const quote = i8x16.splat(0x22);
  while (from < to) {
    const block = v128.load(from);
    v128.store(out, block);
    const mask = i8x16.bitmask(i8x16.eq(block, quote));
    const clear = mask == 0 ? 16 : ctz(mask) + 1;
    if (from + clear >= to) return out + (to - from);
    out += clear;
    from += mask == 0 ? 16 : clear + 1;
  }
  return out;
}
