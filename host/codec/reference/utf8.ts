/** UTF-8 as bytes: validity and counting, without making strings. */

/** What to say of a record with other bytes: mostly they are of an older encoding. */
export const NOT_UTF8 = "The record is not valid UTF-8; it may be Latin-1, or Windows-1252";

/**
 * The end of the sequence that begins with the non-ASCII byte at `at`, or -1 if it is not valid:
 * the table of RFC 3629, section 4 (no overlong forms, no surrogates, nothing above U+10FFFF).
 */
export function utf8End(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0xc2 || first > 0xf4) return -1;
  if (first < 0xe0) return continues(bytes, at + 1, end) ? at + 2 : -1;
  if (at + 1 >= end) return -1;
  const second = bytes[at + 1]!;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high || !continues(bytes, at + 2, end)) return -1;
  if (first < 0xf0) return at + 3;
  return continues(bytes, at + 3, end) ? at + 4 : -1;
}

function continues(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && (bytes[at]! & 0xc0) === 0x80;
}

/** Characters (code points) that begin in `bytes[from, to)`; stray bytes of continuation not counted. */
export function characterCount(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if ((bytes[at]! & 0xc0) !== 0x80) count++;
  }
  return count;
}

/** Writes a code point as UTF-8; returns the index after it. `out` has room for four bytes. */
export function putCodePoint(point: number, out: Uint8Array, at: number): number {
  if (point < 0x80) {
    out[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    out[at] = 0xc0 | (point >> 6);
    out[at + 1] = 0x80 | (point & 0x3f);
    return at + 2;
  }
  if (point < 0x10000) {
    out[at] = 0xe0 | (point >> 12);
    out[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    out[at + 2] = 0x80 | (point & 0x3f);
    return at + 3;
  }
  out[at] = 0xf0 | (point >> 18);
  out[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  out[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  out[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}
