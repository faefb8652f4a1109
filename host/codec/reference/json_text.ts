/** Undoes the escapes of a JSON string. */
import { hexDigit } from "./hex_text.ts";
import { putCodePoint } from "./utf8.ts";

const BACKSLASH = 0x5c;

/** What stands for each letter after a backslash. */
const SHORT = new Uint8Array(128);
for (const [letter, byte] of Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  SHORT[letter.charCodeAt(0)] = byte;
}
for (const letter of '"\\/') SHORT[letter.charCodeAt(0)] = letter.charCodeAt(0);

/**
 * Writes the string between `from` and `to`, which a scanner has found to be valid, to the start of
 * `out` as UTF-8, and returns its length: never more than `to - from`.
 */
export function unescapeJson(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  let at = from;
  while (at < to) {
    const c = bytes[at]!;
    if (c !== BACKSLASH) {
      out[length++] = c;
      at++;
      continue;
    }
    const letter = bytes[at + 1]!;
    if (letter !== 0x75) {
      out[length++] = SHORT[letter]!;
      at += 2;
      continue;
    }
    let point = codeUnit(bytes, at + 2);
    at += 6;
    if (point >= 0xd800 && point <= 0xdbff) {
      point = 0x10000 + ((point - 0xd800) << 10) + (codeUnit(bytes, at + 2) - 0xdc00);
      at += 6;
    }
    length = putCodePoint(point, out, length);
  }
  return length;
}

function codeUnit(bytes: Uint8Array, at: number): number {
  return (hexDigit(bytes[at]!) << 12) | (hexDigit(bytes[at + 1]!) << 8) |
    (hexDigit(bytes[at + 2]!) << 4) | hexDigit(bytes[at + 3]!);
}
