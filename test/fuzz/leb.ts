/** Numbers as WebAssembly writes them, in as few bytes as they need or in more. */

/** Longest form of a number of 32 bits, in bytes. */
export const U32_BYTES_MAX = 5;

/** An unsigned number; in so many bytes where that is more than it needs. */
export function unsigned(value: number, bytesMin = 1): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest % 0x80);
    rest = Math.floor(rest / 0x80);
  } while (rest > 0 || bytes.length < bytesMin);
  return bytes.map((byte, i) => i < bytes.length - 1 ? byte | 0x80 : byte);
}

/** A signed number. */
export function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value;; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const ends = rest >> 6n === 0n || rest >> 6n === -1n;
    bytes.push(ends ? low : low | 0x80);
    if (ends) return bytes;
  }
}
