// A JSON number as its digits, by value, and the power of ten that they are to be taken by.

import { numberOf, powerOfTen } from "./binary_digits";
import { digitsEnd } from "./json_value";

const ZERO: u32 = 0x30;
const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const POINT: u32 = 0x2e;
const LETTER_E: u32 = 0x65;

/** So many digits fit 64 bits. */
const DIGITS_MAX: usize = 19;
/** Exponents of more digits are nothing that a float holds. */
const EXPONENT_DIGITS_MAX: usize = 4;

/** The number that was read last: its first digits, the power of ten that they are to be taken by, */
export let digits: u64 = 0;
export let power: i32 = 0;
/** whether digits that are not zero came behind them, */
export let cut: bool = false;
/** and where it ends in the input. */
export let decimalEnd: usize = 0;

/** Reads a JSON number without its sign; false if it is none, or its exponent is too long. */
@inline
export function readNumber(at: usize): bool {
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
  decimalEnd = end;
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
  decimalEnd = end;
  return true;
}
