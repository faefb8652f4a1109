/** Base64 as in RFC 4648, section 4: the standard alphabet, with padding, in its one canonical form. */

const PAD = 0x3d;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Value of each letter; 64 for every other byte. */
const VALUES = new Uint8Array(256).fill(64);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/** Whether the text is base64. Padding bits that are not zero would be lost, and so are refused. */
export function isBase64(bytes: Uint8Array, from: number, to: number): boolean {
  if ((to - from) % 4 !== 0) return false;
  if (from === to) return true;
  const pads = padCount(bytes, to);
  for (let at = from; at < to - pads; at++) {
    if (VALUES[bytes[at]!] === 64) return false;
  }
  const unused = pads === 2 ? 15 : pads === 1 ? 3 : 0;
  return (VALUES[bytes[to - pads - 1]!]! & unused) === 0;
}

/** Bytes that a valid text decodes to. */
export function base64Length(bytes: Uint8Array, from: number, to: number): number {
  return from === to ? 0 : (to - from) / 4 * 3 - padCount(bytes, to);
}

/** Decodes a valid text to the start of `out`, which has room for `base64Length` bytes. */
export function decodeBase64(bytes: Uint8Array, from: number, to: number, out: Uint8Array): void {
  const length = base64Length(bytes, from, to);
  let put = 0;
  for (let at = from; at < to; at += 4) {
    const group = (VALUES[bytes[at]!]! << 18) | (VALUES[bytes[at + 1]!]! << 12) |
      ((VALUES[bytes[at + 2]!]! & 63) << 6) | (VALUES[bytes[at + 3]!]! & 63);
    out[put++] = group >> 16;
    if (put < length) out[put++] = group >> 8;
    if (put < length) out[put++] = group;
  }
}

function padCount(bytes: Uint8Array, to: number): number {
  return bytes[to - 1] !== PAD ? 0 : bytes[to - 2] !== PAD ? 1 : 2;
}
