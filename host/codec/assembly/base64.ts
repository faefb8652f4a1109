// Base64 as in RFC 4648, section 4: the standard alphabet, with padding, in its one canonical form.

const PAD: u32 = 0x3d;

/** Value of each letter; 64 for every other byte. */
const values = memory.data<u8>([
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64, 64, 63,
  52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
  64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 64,
  64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
  41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
  64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
]);

@inline
function valueOf(at: usize): u32 {
  return load<u8>(values + load<u8>(at));
}

@inline
function padCount(to: usize): u32 {
  return load<u8>(to - 1) != PAD ? 0 : load<u8>(to - 2) != PAD ? 1 : 2;
}

/** Whether the text is base64, its unused bits zero. */
export function isBase64(from: usize, to: usize): bool {
  if (((to - from) & 3) != 0) return false;
  if (from == to) return true;
  const pads = padCount(to);
  let wrong: u32 = 0;
  for (let at = from; at < to - 4; at += 4) {
    wrong |= valueOf(at) | valueOf(at + 1) | valueOf(at + 2) | valueOf(at + 3);
  }
  for (let at = to - 4; at < to - pads; at++) wrong |= valueOf(at);
  const unused: u32 = pads == 2 ? 15 : pads == 1 ? 3 : 0;
  return (wrong & 64) == 0 && (valueOf(to - pads - 1) & unused) == 0;
}

/** Writes the bytes of a valid text; returns the address behind. May write up to 4 bytes more. */
export function putBase64(from: usize, to: usize, out: usize): usize {
  if (from == to) return out;
  for (let at = from; at < to; at += 4) {
    const group = (valueOf(at) << 18) | (valueOf(at + 1) << 12) |
      ((valueOf(at + 2) & 63) << 6) | (valueOf(at + 3) & 63);
    store<u32>(out, bswap(group << 8));
    out += 3;
  }
  return out - padCount(to);
}

/** Writes the bytes of a valid text as hexadecimal digits. May write up to 16 bytes more. */
export function putHex(from: usize, to: usize, out: usize): usize {
  if (from == to) return out;
  const digits = i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102);
  for (let at = from; at < to; at += 4) {
    const group = (valueOf(at) << 18) | (valueOf(at + 1) << 12) |
      ((valueOf(at + 2) & 63) << 6) | (valueOf(at + 3) & 63);
    const bytes = i32x4.splat(bswap(group << 8));
    const halves = i8x16.shuffle(
      v128.and(i8x16.shr_u(bytes, 4), i8x16.splat(15)), v128.and(bytes, i8x16.splat(15)),
      0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23,
    );
    v128.store(out, i8x16.swizzle(digits, halves));
    out += 6;
  }
  return out - (padCount(to) << 1);
}
