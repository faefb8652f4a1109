/** Hexadecimal digits as bytes. */

/** The value of a hexadecimal digit in either case, or -1. */
export function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The lower-case digits, by value. */
export const HEX_DIGITS: Uint8Array = new TextEncoder().encode("0123456789abcdef");
