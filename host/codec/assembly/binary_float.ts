// Decimals as IEEE 754 binary32 and binary64, rounded once and to the nearest: Lemire, "Number Parsing
// at a Gigabyte per Second", 2021. 19 digits and a power of ten give the mantissa by one or two
// multiplications with the power's first 128 bits. Where that leaves a doubt, the reference decides.

import { numberOf, powerOfTen } from "./binary_digits";
import { POWER_MAX, POWER_MIN, powerAt } from "./binary_power";
import { digitsEnd } from "./json_value";

const ZERO: u32 = 0x30;
const NINE: u32 = 0x39;
const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const POINT: u32 = 0x2e;
const LETTER_E: u32 = 0x65;
const LETTER_N: u32 = 0x4e;

// What the server makes of the names.
const NAN_8: u64 = 0x7ff8000000000000;
const INFINITY_8: u64 = 0x7ff0000000000000;
const NAN_4: u32 = 0x7fc00000;
const INFINITY_4: u32 = 0x7f800000;

/** So many digits fit 64 bits. */
const DIGITS_MAX: usize = 19;
/** Exponents of more digits are nothing that a float holds. */
const EXPONENT_DIGITS_MAX: usize = 4;
/** No number's bits. */
const DOUBT: u64 = u64.MAX_VALUE;

/** The number that was read last: its first digits, the power of ten that they are to be taken by, */
let digits: u64 = 0;
let power: i32 = 0;
/** and whether digits that are not zero came behind them. */
let cut: bool = false;

/** The product that was made last. */
let high: u64 = 0;
let low: u64 = 0;

/** Where the number ends in the input that was written last. */
export let floatEnd: usize = 0;

/** Writes the number that begins at `at` as a field; 0 in doubt, or if it is no JSON number. */
export function putFloat8(at: usize, out: usize): usize {
  const bits = bitsOf(at, 52, 1023, -4, 23);
  if (bits == DOUBT) return 0;
  store<u32>(out, bswap<u32>(8));
  store<u64>(out, bswap<u64>(bits | (u64(load<u8>(at) == MINUS) << 63)), 4);
  return out + 12;
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

/** Reads a JSON number without its sign; false if it is none, or its exponent is too long. */
@inline
function readNumber(at: usize): bool {
  const wholeEnd = digitsEnd(at);
  const whole = wholeEnd - at;
  if (whole == 0 || (whole > 1 && load<u8>(at) == ZERO)) return false;
  let end = wholeEnd;
  let fraction: usize = 0;
  if (load<u8>(end) == POINT) {
    end = digitsEnd(wholeEnd + 1);
    fraction = end - wholeEnd - 1;
    if (fraction == 0) return false;
  }
  cut = false;
  if (whole + fraction <= DIGITS_MAX) {
    digits = numberOf(at, whole);
    if (fraction != 0) digits = digits * powerOfTen(fraction) + numberOf(wholeEnd + 1, fraction);
    power = -(fraction as i32);
  } else {
    readLong(at, end);
  }
  floatEnd = end;
  return (load<u8>(end) | 0x20) != LETTER_E || readExponent(end + 1);
}

/** Reads digits, with a point or without, of which 64 bits do not hold all. */
function readLong(at: usize, end: usize): void {
  let count: usize = 0;
  let afterPoint: i32 = 0;
  digits = 0;
  power = 0;
  for (; at < end; at++) {
    const digit = (load<u8>(at) as u32) - ZERO;
    if (digit > 9) {
      afterPoint = 1;
    } else if (count < DIGITS_MAX) {
      digits = digits * 10 + digit;
      count += usize(digits != 0);
      power -= afterPoint;
    } else {
      cut = cut || digit != 0;
      power += 1 - afterPoint;
    }
  }
}

function readExponent(at: usize): bool {
  const sign: u32 = load<u8>(at);
  if (sign == PLUS || sign == MINUS) at++;
  const end = digitsEnd(at);
  if (end - at - 1 >= EXPONENT_DIGITS_MAX) return false;
  const exponent = numberOf(at, end - at) as i32;
  power += sign == MINUS ? -exponent : exponent;
  floatEnd = end;
  return true;
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
  const upper = high;
  const middle = low;
  multiply(value, load<u64>(at, 8));
  low = middle + high;
  high = upper + u64(low < middle);
  // Powers within these bounds are exact in 128 bits, or next to it.
  return low != u64.MAX_VALUE || (power >= -27 && power <= 55);
}

/** The 128 bits of a product. */
@inline
function multiply(a: u64, b: u64): void {
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
