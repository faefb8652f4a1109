// Numbers of cells by value, from text that was checked.

/** The largest whole number from which on a double does not hold every one. */
const MANTISSA_MAX: u64 = 1 << 53;
/** Powers of ten up to this one are doubles themselves. */
const EXPONENT_MAX: i32 = 22;
/** So many digits fit 64 bits. */
const DIGITS_MAX: u32 = 19;

const POWERS: usize = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);

/** The integer that {@link readInteger} has read. */
export let integer: i64 = 0;

/** Reads an integer of up to 16 plain digits. False for what is none, is longer or out of range. */
@inline
export function readInteger(from: usize, to: usize, limit: u64): bool {
  const negative = u64(load<u8>(from) == 0x2d);
  const first = from + (negative as usize);
  const length = to - first;
  let digits = load<u64>(first);
  let value: u64 = 0;
  if (length > 8) {
    const head = length - 8;
    if (head > 8) return false;
    const high = zeroPadded(digits, head);
    digits = load<u64>(first + head);
    if (!areDigits(high)) return false;
    value = numberOf(high) * 100_000_000;
  } else {
    digits = zeroPadded(digits, length);
  }
  // No digit at all; or a zero before others, which is no plain integer.
  if (length == 0 || (length > 1 && load<u8>(first) == 0x30) || !areDigits(digits)) return false;
  value += numberOf(digits);
  integer = (value ^ (0 - negative)) + negative;
  return value <= limit + negative;
}

/** The integer that 1 to 16 digits make. */
@inline
export function integerFrom(at: usize, digits: u32): i64 {
  if (digits <= 8) return numberOf(zeroPadded(load<u64>(at), digits)) as i64;
  const high = numberOf(zeroPadded(load<u64>(at), digits - 8));
  return (high * 100_000_000 + numberOf(load<u64>(at + digits - 8))) as i64;
}

/** An integer in plain digits, within 64 bits. */
export function integerOf(from: usize, to: usize): i64 {
  const negative = load<u8>(from) == 0x2d;
  let value: u64 = 0;
  for (let at = from + usize(negative); at < to; at++) value = value * 10 + (load<u8>(at) - 0x30);
  return negative ? 0 - (value as i64) : value as i64;
}

/** The first 1 to 8 of eight characters, behind so many zeros that they are eight. */
@inline
function zeroPadded(digits: u64, length: usize): u64 {
  const shift = (64 - (length << 3)) as u64;
  return (digits << shift) | (0x3030303030303030 & ~((-1 as u64) << shift));
}

/** Whether eight characters are digits. */
@inline
function areDigits(digits: u64): bool {
  const high = digits & 0xf0f0f0f0f0f0f0f0;
  const above = (digits + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0;
  return (high | (above >> 4)) == 0x3333333333333333;
}

/** The number that eight digits make, the first one in the lowest byte. */
@inline
function numberOf(digits: u64): u64 {
  const ones = digits - 0x3030303030303030;
  const pairs = ones * 10 + (ones >> 8);
  const high = (pairs & 0x000000ff000000ff) * (100 + ((1_000_000 as u64) << 32));
  const low = ((pairs >> 16) & 0x000000ff000000ff) * (1 + ((10_000 as u64) << 32));
  return (high + low) >> 32;
}

/** The double that {@link readDouble} has read. */
export let double: f64 = 0;

/**
 * Reads a JSON number where two exact doubles and one rounding give it: Clinger, "How to Read
 * Floating Point Numbers Accurately", 1990. False where they do not, and for names like NaN.
 */
export function readDouble(from: usize, to: usize): bool {
  const negative = load<u8>(from) == 0x2d;
  let at = from + (negative ? 1 : 0);
  let mantissa: u64 = 0;
  let exponent: i32 = 0;
  let digits: u32 = 0;
  let point: usize = 0;
  for (; at < to; at++) {
    const digit: u32 = (load<u8>(at) as u32) - 0x30;
    if (digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
    } else if (digit == 0x2e - 0x30 && point == 0) {
      point = at + 1;
    } else {
      break;
    }
  }
  if (digits > DIGITS_MAX || mantissa > MANTISSA_MAX) return false;
  if (point != 0) exponent = (point as i32) - (at as i32);
  if (at < to) {
    // The sign and up to three digits of an exponent; or a name.
    if ((load<u8>(at) | 0x20) != 0x65) return false;
    const sign: u32 = load<u8>(at, 1);
    const down = sign == 0x2d;
    at += down || sign == 0x2b ? 2 : 1;
    if (to - at > 3) return false;
    let power: i32 = 0;
    for (; at < to; at++) power = power * 10 + ((load<u8>(at) as i32) - 0x30);
    exponent += down ? -power : power;
  }
  if (exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX) return false;
  const whole = mantissa as f64;
  const value = exponent < 0
    ? whole / load<f64>(POWERS + ((-exponent as usize) << 3))
    : whole * load<f64>(POWERS + ((exponent as usize) << 3));
  double = negative ? -value : value;
  return true;
}
