// Decimals as PostgreSQL's `numeric`: int16 each how many digits there are in base 10000, the weight
// of the first one, the sign, and how many decimals are shown; then the digits, in groups that are
// counted from the point.

import { fourDigits } from "./binary_digits";
import { digitsEnd } from "./json_value";

const ZERO: u32 = 0x30;
const POINT: u32 = 0x2e;
const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;

const NEGATIVE: u32 = 0x4000;
/** Length, and the four numbers before the digits. */
const HEAD: usize = 12;

/** Writes a JSON number, which fits, as a field; every digit of it. */
export function putNumeric(from: usize, to: usize, out: usize): usize {
  const negative = load<u8>(from) == MINUS;
  const first = from + usize(negative);
  // Behind a number there may be anything, further digits too.
  const wholeEnd = min(digitsEnd(first), to);
  const whole = (wholeEnd - first) as i32;
  const hasPoint = wholeEnd < to && load<u8>(wholeEnd) == POINT;
  const end = hasPoint ? min(digitsEnd(wholeEnd + 1), to) : wholeEnd;
  const fraction = hasPoint ? (end - wholeEnd - 1) as i32 : 0;
  if (end == to) return putUnscaled(first, whole, fraction, negative, out);
  const exponent = exponentOf(end, to);
  return putScaled(first, end, whole + exponent, negative, max(0, fraction - exponent), out);
}

/** The exponent that begins at `at` with its `e`. */
function exponentOf(at: usize, to: usize): i32 {
  const sign: u32 = load<u8>(at, 1);
  at += sign == MINUS || sign == PLUS ? 2 : 1;
  let exponent: i32 = 0;
  for (; at < to; at++) exponent = exponent * 10 + (load<u8>(at) as i32) - ZERO;
  return sign == MINUS ? -exponent : exponent;
}

/** Writes a number without exponent, group by group. */
@inline
function putUnscaled(first: usize, whole: i32, fraction: i32, negative: bool, out: usize): usize {
  const digits = out + HEAD;
  let put = digits;
  let weight: i32 = 0;
  /** Behind the last group that is not zero. */
  let last = digits;
  let at = first;
  // A whole part that begins with zero is zero.
  if (load<u8>(first) != ZERO) {
    weight = (whole + 3) >> 2;
    const head = whole - ((weight - 1) << 2);
    last = put = putGroup(fourDigits(frontPadded(load<u32>(at), head)), put);
    at += head;
    for (const end = first + whole; at < end; at += 4) {
      const group = fourDigits(load<u32>(at));
      put = putGroup(group, put);
      if (group != 0) last = put;
    }
  }
  at = first + whole + 1;
  for (let rest = fraction; rest > 0; rest -= 4, at += 4) {
    const characters = load<u32>(at);
    const group = fourDigits(rest < 4 ? backPadded(characters, rest) : characters);
    if (group == 0 && put == digits) {
      weight--;
      continue;
    }
    put = putGroup(group, put);
    if (group != 0) last = put;
  }
  putHead(((last - digits) >> 1) as u32, weight, negative, fraction, out);
  return last;
}

@inline
function putGroup(group: u32, put: usize): usize {
  store<u16>(put, bswap<u16>(group as u16));
  return put + 2;
}

/** The first 1 to 4 of four characters, behind zeros. */
@inline
function frontPadded(characters: u32, count: i32): u32 {
  return characters << ((4 - count) << 3);
}

/** The first 1 to 3 of four characters, zeros behind them. */
@inline
function backPadded(characters: u32, count: i32): u32 {
  return characters & ((1 << (count << 3)) - 1);
}

/** Writes what stands before the digits; zero has neither weight nor sign. */
@inline
function putHead(count: u32, weight: i32, negative: bool, scale: i32, out: usize): void {
  store<u32>(out, bswap<u32>(8 + (count << 1)));
  store<u16>(out, bswap<u16>(count as u16), 4);
  store<u16>(out, count == 0 ? 0 : bswap<u16>((weight - 1) as u16), 6);
  store<u16>(out, negative && count != 0 ? bswap<u16>(NEGATIVE as u16) : 0, 8);
  store<u16>(out, bswap<u16>(scale as u16), 10);
}

/** Writes the digits in [at, end), of which `point` stand before the point that the exponent means. */
function putScaled(
  at: usize,
  end: usize,
  point: i32,
  negative: bool,
  scale: i32,
  out: usize,
): usize {
  const digits = out + HEAD;
  let weight = (point + 3) >> 2;
  // Digits that the group still lacks.
  let missing = point - ((weight - 1) << 2);
  let group: u32 = 0;
  let put = digits;
  let last = digits;
  for (; at < end; at++) {
    const c: u32 = load<u8>(at);
    if (c == POINT) continue;
    group = group * 10 + c - ZERO;
    if (--missing != 0) continue;
    missing = 4;
    if (group != 0 || put != digits) {
      put = putGroup(group, put);
      if (group != 0) last = put;
      group = 0;
    } else {
      weight--;
    }
  }
  if (group != 0) {
    for (; missing > 0; missing--) group *= 10;
    last = putGroup(group, put);
  }
  putHead(((last - digits) >> 1) as u32, weight, negative, scale, out);
  return last;
}
