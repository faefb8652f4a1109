// Whether a decimal is the shortest one that reads as its double, and of those the nearest to it: then
// the double keeps all digits, since it is printed as the same number. The measure is that of Raffaello
// Giulietti, "The Schubfach way to render doubles", 2020, taken from the decimal's side: no decimal
// with a digit less lies among the numbers that round to the double, and none of as many is nearer.
//
// Distances are those on the scale of one product: the digits, shifted up to 64 bits, times the first
// 128 bits of the power of ten. They are cut off to 32 bits behind its upper half.

import { powerAt } from "./binary_power";
import { addProduct, high, low, multiply } from "./binary_product";
import { cut, digits, power } from "./decimal";

/** Every double that is normal keeps all digits of numbers below this one, times a power of ten. */
const KEPT_BELOW: u64 = 1_000_000_000_000_000;
/** The shortest decimal of a double has no more than 17 digits. */
const DIGITS_BELOW: u64 = 100_000_000_000_000_000;
/** With a power of this size, or a smaller one, so many digits are far from both ends of the range. */
const POWER_SAFE: i32 = 290;

/** Bits behind the upper half of the product. */
const FRACTION: i32 = 32;
/** What a distance may be wrong by is less: one for each of ten steps, and one for the product. */
const DOUBT: i64 = 32;
/**
 * With a power of this size, or a smaller one, distances that differ by no more than that are equal:
 * of whole numbers of decimals and of halves of doubles, the least difference is 2^-28 of a step,
 * and a step is 2^38 or more.
 */
const POWER_EXACT: i32 = 10;

/** Whether a double certainly keeps every digit of the number that was read last. */
export function isReadKept(): bool {
  if (cut) return false;
  if (digits == 0) return true;
  if (digits < KEPT_BELOW) return power >= -POWER_SAFE && power <= POWER_SAFE;
  let value = digits;
  let exponent = power;
  let last = value % 10;
  for (; last == 0; last = value % 10) {
    value /= 10;
    exponent++;
  }
  if (value >= DIGITS_BELOW || exponent < -POWER_SAFE || exponent > POWER_SAFE) return false;
  return value < KEPT_BELOW || isShortest(value, exponent, last as i64);
}

/** The same of 16 or 17 digits, of which the last one is not zero. */
function isShortest(value: u64, exponent: i32, last: i64): bool {
  const at = powerAt(exponent);
  const zeros = clz(value) as i32;
  const scaled = value << zeros;
  multiply(scaled, load<u64>(at));
  addProduct(scaled, load<u64>(at, 8));
  // Behind the 53 bits of the double's mantissa; halfway between two doubles the even one is read.
  const shift = 10 + ((high >>> 63) as i32);
  const rest = (((high & ((1 << shift) - 1)) << FRACTION) | (low >>> (64 - FRACTION))) as i64;
  const half: i64 = 1 << (shift + FRACTION - 1);
  const rounding = compare(rest, half);
  let mantissa = high >>> shift;
  const up = rounding == 0 ? mantissa & 1 : u64(rounding > 0);
  mantissa += up;
  // The doubles below a power of two lie closer.
  if ((mantissa & 0xfffffffffffff) == 0) return false;
  // From the double up to the decimal, and from one decimal of as many digits to the next.
  const above = rest - (up != 0 ? half << 1 : 0);
  const step = (load<u64>(at) >>> (64 - FRACTION - zeros)) as i64;
  const nearer = compare(step >> 1, above < 0 ? -above : above);
  // The next decimals below and above that have a digit less.
  const lower = compare(last * step - above, half);
  const upper = compare((10 - last) * step + above, half);
  if (nearer < 0 || lower < 0 || upper < 0) return false;
  const isEqual = rounding == 0 || nearer == 0 || lower == 0 || upper == 0;
  if (isEqual && (exponent < -POWER_EXACT || exponent > POWER_EXACT)) return false;
  // Those halfway to the next double are read as the even one; of two as near the even one is printed.
  if ((lower == 0 || upper == 0) && (mantissa & 1) == 0) return false;
  return nearer != 0 || (last & 1) == 0;
}

/** Which of two distances is greater: 0 if they are equal, or next to it. */
@inline
function compare(a: i64, b: i64): i32 {
  return i32(a - b > DOUBT) - i32(b - a > DOUBT);
}
