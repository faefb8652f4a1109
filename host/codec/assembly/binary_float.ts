// Decimals as IEEE 754 binary32 and binary64, rounded once and to the nearest: Lemire, "Number Parsing
// at a Gigabyte per Second", 2021. 19 digits and a power of ten give the mantissa by one or two
// multiplications with the power's first 128 bits. Where that leaves a doubt, the reference decides.

import { POWER_MAX, POWER_MIN, powerAt } from "./binary_power";
import { addProduct, high, low, multiply } from "./binary_product";
import { cut, decimalEnd, digits, power, readNumber } from "./decimal";

const NINE: u32 = 0x39;
const MINUS: u32 = 0x2d;
const LETTER_N: u32 = 0x4e;

// What the server makes of the names.
const NAN_8: u64 = 0x7ff8000000000000;
const INFINITY_8: u64 = 0x7ff0000000000000;
const NAN_4: u32 = 0x7fc00000;
const INFINITY_4: u32 = 0x7f800000;

/** No number's bits. */
const DOUBT: u64 = u64.MAX_VALUE;

/** The bits of the number that was read last. */
let float8: u64 = 0;

/** Writes the number that begins at `at` as a field; 0 in doubt, or if it is no JSON number. */
export function putFloat8(at: usize, out: usize): usize {
  if (!readFloat8(at)) return 0;
  store<u32>(out, bswap<u32>(8));
  store<u64>(out, bswap<u64>(float8), 4);
  return out + 12;
}

/** Writes the number from `at` to `to` as a double; false in doubt, or if it is no JSON number. */
export function putDouble(at: usize, to: usize, out: usize): bool {
  if (!readFloat8(at) || decimalEnd != to) return false;
  store<u64>(out, float8);
  return true;
}

@inline
function readFloat8(at: usize): bool {
  const bits = bitsOf(at, 52, 1023, -4, 23);
  float8 = bits | (u64(load<u8>(at) == MINUS) << 63);
  return bits != DOUBT;
}

/** The same with 32 bits. */
export function putFloat4(at: usize, out: usize): usize {
  const bits = bitsOf(at, 23, 127, -17, 10);
  if (bits == DOUBT) return 0;
  store<u32>(out, bswap<u32>(4));
  store<u32>(out, bswap<u32>((bits as u32) | (u32(load<u8>(at) == MINUS) << 31)), 4);
  return out + 8;
}

/** Whether NaN or an infinity stands at `at`, and no number. */
@inline
export function isFloatName(at: usize): bool {
  return load<u8>(at + usize(load<u8>(at) == MINUS)) > NINE;
}

/** Writes NaN or an infinity, whose name stands at `at`, as a field. */
export function putFloat8Name(at: usize, out: usize): usize {
  const sign = u64(load<u8>(at) == MINUS) << 63;
  store<u32>(out, bswap<u32>(8));
  store<u64>(out, bswap<u64>(load<u8>(at) == LETTER_N ? NAN_8 : INFINITY_8 | sign), 4);
  return out + 12;
}

/** The same with 32 bits. */
export function putFloat4Name(at: usize, out: usize): usize {
  const sign = u32(load<u8>(at) == MINUS) << 31;
  store<u32>(out, bswap<u32>(4));
  store<u32>(out, bswap<u32>(load<u8>(at) == LETTER_N ? NAN_4 : INFINITY_4 | sign), 4);
  return out + 8;
}

/**
 * The bits of a number without its sign. Mantissas have `size` bits behind the leading one; halfway
 * between two of them a number can only lie with a power from `tieMin` to `tieMax`.
 */
@inline
function bitsOf(at: usize, size: i32, bias: i32, tieMin: i32, tieMax: i32): u64 {
  if (!readNumber(at + usize(load<u8>(at) == MINUS))) return DOUBT;
  const bits = nearest(digits, size, bias, tieMin, tieMax);
  return cut && bits != nearest(digits + 1, size, bias, tieMin, tieMax) ? DOUBT : bits;
}

/** The float nearest to `value` times ten to the power that was read; to the even one of two. */
function nearest(value: u64, size: i32, bias: i32, tieMin: i32, tieMax: i32): u64 {
  if (value == 0) return 0;
  if (power < POWER_MIN || power > POWER_MAX) return DOUBT;
  const zeros = clz(value) as i32;
  if (!multiplyByPower(value << zeros, size)) return DOUBT;
  // The product has 127 or 128 bits. Kept are the mantissa with its leading one, and one bit more.
  const upper = (high >>> 63) as i32;
  const shift = upper + 61 - size;
  let mantissa = high >>> shift;
  // 217706 / 65536 is the binary logarithm of ten, exact enough for every power here.
  const exponent = ((217_706 * power) >> 16) + 63 + upper - zeros + bias;
  // Neither what is not normal, nor what a carry could make infinite.
  if (exponent <= 0 || exponent >= bias << 1) return DOUBT;
  const isTie = low <= 1 && power >= tieMin && power <= tieMax && (mantissa << shift) == high;
  // An odd last bit is rounded up, but for a tie whose mantissa is even.
  if (!isTie || (mantissa & 3) != 1) mantissa += mantissa & 1;
  // A carry out of the mantissa goes on into the exponent, as it should.
  return (u64(exponent - 1) << size) + (mantissa >>> 1);
}

/** Multiplies by the power's mantissa, to as many bits as decide the result. False in doubt. */
@inline
function multiplyByPower(value: u64, size: i32): bool {
  const at = powerAt(power);
  multiply(value, load<u64>(at));
  const rest = u64.MAX_VALUE >>> (size + 3);
  return (high & rest) != rest || multiplyMore(value, at);
}

/** Adds the product with the lower half of the power. */
function multiplyMore(value: u64, at: usize): bool {
  addProduct(value, load<u64>(at, 8));
  // Powers within these bounds are exact in 128 bits, or next to it.
  return low != u64.MAX_VALUE || (power >= -27 && power <= 55);
}
