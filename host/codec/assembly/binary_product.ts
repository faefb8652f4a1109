// Products of 64 bits by 64 or 128.

/** The product that was made last: its upper 64 bits, */
export let high: u64 = 0;
/** and those behind them. */
export let low: u64 = 0;

/** The 128 bits of a product. */
@inline
export function multiply(a: u64, b: u64): void {
  const aLow = a & 0xffffffff;
  const aHigh = a >>> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >>> 32;
  const lower = aLow * bLow;
  const crossed = aHigh * bLow + (lower >>> 32);
  const middle = aLow * bHigh + (crossed & 0xffffffff);
  low = (middle << 32) | (lower & 0xffffffff);
  high = aHigh * bHigh + (crossed >>> 32) + (middle >>> 32);
}

/** Adds the product of `a` with 64 more bits of what it was multiplied by; cuts it off to 128 bits. */
export function addProduct(a: u64, more: u64): void {
  const upper = high;
  const middle = low;
  multiply(a, more);
  low = middle + high;
  high = upper + u64(low < middle);
}
