// Numbers as text: whether their form and range are certain. None is taken through a double.

import { limitOf, sureDigitsOf } from "./column";
import { decimalEnd, readNumber } from "./decimal";
import { digitsEnd, numberEnd } from "./json_value";
import { isReadKept } from "./shortest";

/** Numbers of up to so many characters and without exponent are within every float's range. */
export const FLOAT_LENGTH_SAFE: usize = 38;
/** Decimals of up to so many characters and without exponent are within range. */
const DECIMAL_LENGTH_SAFE: usize = 16_000;
/** With an exponent, decimals of up to so many characters are, if it is within the next limit. */
const DECIMAL_SCALED_LENGTH_SAFE: usize = 1_000;
const DECIMAL_EXPONENT_SAFE: u32 = 9_999;
/** With digits only up to these powers of ten, a number is in range, and no zero unless it is. */
const DOUBLE_POWER_MAX: u32 = 308;
const DOUBLE_POWER_MIN: u32 = 320;
const SINGLE_POWER_MAX: u32 = 38;
const SINGLE_POWER_MIN: u32 = 44;

/** In so many characters there are no more digits than every double keeps. */
const DOUBLE_LENGTH_SAFE: usize = 15;
/** With an exponent up to this one, so short a number is far from both ends of a double's range. */
const DOUBLE_EXPONENT_SAFE: u32 = 250;

/** Where the integer ends whose plain digits are all there is of its value, or 0. */
export function integerEnd(from: usize, to: usize, column: usize): usize {
  const negative = load<u8>(from) == 0x2d;
  const first = from + usize(negative);
  const end = digitsEnd(first);
  if (end > to || end == first) return 0;
  const length = (end - first) as u32;
  if (length > 1 && load<u8>(first) == 0x30) return 0;
  const limit = limitOf(column) + u64(negative);
  if (length > sureDigitsOf(column) && !isWithin(first, end, limit)) return 0;
  if (end == to) return to;
  // `5.0` is 5, but `-0.0` is written as 0.
  if (negative && load<u8>(first) == 0x30) return 0;
  return load<u8>(end) == 0x2e && areZeros(end + 1, to) ? end : 0;
}

/** Whether digits make a number up to `limit`, which is below 10^19. */
function isWithin(from: usize, to: usize, limit: u64): bool {
  if (to - from > 19) return false;
  let value: u64 = 0;
  for (let at = from; at < to; at++) value = value * 10 + (load<u8>(at) - 0x30);
  return value <= limit;
}

/** Whether nothing but zeros stands there, and at least one. */
function areZeros(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) != 0x30) return false;
  return from < to;
}

/** Whether nothing but digits stands there, behind a sign or not. */
export function isPlainInteger(from: usize, to: usize): bool {
  return digitsEnd(from + usize(load<u8>(from) == 0x2d)) == to;
}

/** Whether a double certainly keeps every digit of a JSON number, or it is no number and short. */
export function isDoubleKept(from: usize, to: usize): bool {
  if (to - from <= DOUBLE_LENGTH_SAFE) {
    const at = exponentAt(from, to);
    return at == to || exponentSize(at, to) <= DOUBLE_EXPONENT_SAFE;
  }
  return readNumber(from + usize(load<u8>(from) == 0x2d)) && decimalEnd == to && isReadKept();
}

/** Whether a text is a JSON number. */
export function isNumber(from: usize, to: usize): bool {
  return numberEnd(from) == to;
}

/** The exponent's `e` in a number, or its end. */
function exponentAt(from: usize, to: usize): usize {
  let at = from;
  while (at < to && (load<u8>(at) | 0x20) != 0x65) at++;
  return at;
}

/** The size of the exponent whose `e` stands at `at`, without its sign; large if it is long. */
function exponentSize(at: usize, to: usize): u32 {
  const sign: u32 = load<u8>(at, 1);
  at += sign == 0x2b || sign == 0x2d ? 2 : 1;
  if (to - at > 4) return u32.MAX_VALUE;
  let size: u32 = 0;
  for (; at < to; at++) size = size * 10 + (load<u8>(at) - 0x30);
  return size;
}

/** Whether a JSON number is certainly within a decimal's range. */
export function isDecimalSafe(from: usize, to: usize): bool {
  if (to - from > DECIMAL_LENGTH_SAFE) return false;
  const at = exponentAt(from, to);
  if (at == to) return true;
  return to - from <= DECIMAL_SCALED_LENGTH_SAFE && exponentSize(at, to) <= DECIMAL_EXPONENT_SAFE;
}

/** Whether a JSON number is certainly within the range of a double, or of a single. */
export function isFloatSafe(from: usize, to: usize, single: bool): bool {
  if (to - from > FLOAT_LENGTH_SAFE) return false;
  const at = exponentAt(from, to);
  if (at == to) return true;
  const size = exponentSize(at, to);
  if (size > DOUBLE_POWER_MIN) return false;
  // Every character counts as a digit: the sign and the point make the bound only narrower.
  const power = size + ((at - from) as u32);
  return load<u8>(at, 1) == 0x2d
    ? power <= (single ? SINGLE_POWER_MIN : DOUBLE_POWER_MIN)
    : power <= (single ? SINGLE_POWER_MAX : DOUBLE_POWER_MAX);
}
