// UTF-8 as in RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
//
// Whole slices are validated with the lookup algorithm of Keiser and Lemire ("Validating UTF-8 in
// less than one instruction per byte", 2021): three tables by the halves of neighbouring bytes,
// whose common bits name what is wrong.

const TOO_SHORT: i8 = 1;
const TOO_LONG: i8 = 2;
const OVERLONG_3: i8 = 4;
const TOO_LARGE: i8 = 8;
const SURROGATE: i8 = 16;
const OVERLONG_2: i8 = 32;
/** Also of what is too large in its third and fourth form: no sequence is both. */
const OVERLONG_4: i8 = 64;
const TWO_CONTINUATIONS: i8 = -128;
const CARRY: i8 = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS;
const LARGE: i8 = CARRY | TOO_LARGE | OVERLONG_4;

/** Whether all bytes are ASCII. May read up to 15 bytes more, but does not judge them. */
export function isAscii(from: usize, to: usize): bool {
  let at = from;
  for (; at + 64 <= to; at += 64) {
    const low = v128.or(v128.load(at), v128.load(at, 16));
    const high = v128.or(v128.load(at, 32), v128.load(at, 48));
    if (i8x16.bitmask(v128.or(low, high)) != 0) return false;
  }
  for (; at + 16 <= to; at += 16) {
    if (i8x16.bitmask(v128.load(at)) != 0) return false;
  }
  return at == to || (i8x16.bitmask(v128.load(at)) & ((1 << ((to - at) as i32)) - 1)) == 0;
}

/** Whether the bytes are valid. Zeros must stand behind them. */
export function isSliceValid(from: usize, to: usize): bool {
  const firstHigh = i8x16(
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
    TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
    TOO_SHORT | TOO_LARGE | OVERLONG_4,
  );
  const firstLow = i8x16(
    CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY,
    CARRY | TOO_LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE,
    LARGE | SURROGATE, LARGE, LARGE,
  );
  const second: i8 = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS;
  const secondHigh = i8x16(
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    second | OVERLONG_3 | OVERLONG_4, second | OVERLONG_3 | TOO_LARGE,
    second | SURROGATE | TOO_LARGE, second | SURROGATE | TOO_LARGE,
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
  );
  let error = i8x16.splat(0);
  let before = i8x16.splat(0);
  // One block further than the bytes go: a sequence that they cut short is found in the zeros.
  for (let at = from; at < to + 16; at += 16) {
    const block = v128.load(at);
    if (i8x16.bitmask(v128.or(block, before)) != 0) {
      const one = i8x16.shuffle(
        before, block, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
      );
      const two = i8x16.shuffle(
        before, block, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
      );
      const three = i8x16.shuffle(
        before, block, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
      );
      const wrong = v128.and(
        v128.and(
          i8x16.swizzle(firstHigh, i8x16.shr_u(one, 4)),
          i8x16.swizzle(firstLow, v128.and(one, i8x16.splat(15))),
        ),
        i8x16.swizzle(secondHigh, i8x16.shr_u(block, 4)),
      );
      // Bytes of a third or fourth place, in which two continuations are right.
      const late = v128.or(
        i8x16.sub_sat_u(two, i8x16.splat(-33)),
        i8x16.sub_sat_u(three, i8x16.splat(-17)),
      );
      const right = v128.and(i8x16.gt_s(late, i8x16.splat(0)), i8x16.splat(-128));
      error = v128.or(error, v128.xor(right, wrong));
    }
    before = block;
  }
  return !v128.any_true(error);
}

/** Whether bytes that anything may follow are valid. */
export function isUtf8(from: usize, to: usize): bool {
  let at = from;
  while (at < to) {
    const first: u32 = load<u8>(at);
    if (first < 0x80) {
      at++;
      continue;
    }
    const length: usize = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || at + length > to) return false;
    const next: u32 = load<u8>(at, 1);
    const low: u32 = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const high: u32 = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (next < low || next > high) return false;
    for (let i: usize = 2; i < length; i++) if (!continues(at + i)) return false;
    at += length;
  }
  return true;
}

/** Whether a byte stands there that can only continue a sequence. */
@inline
export function continues(at: usize): bool {
  return (load<u8>(at) & 0xc0) == 0x80;
}

/** Writes a code point; returns the address after it. May write up to 3 bytes more. */
export function putCodePoint(point: u32, out: usize): usize {
  if (point < 0x80) {
    store<u8>(out, point);
    return out + 1;
  }
  if (point < 0x800) {
    store<u8>(out, 0xc0 | (point >> 6));
    store<u8>(out, 0x80 | (point & 0x3f), 1);
    return out + 2;
  }
  if (point < 0x10000) {
    store<u8>(out, 0xe0 | (point >> 12));
    store<u8>(out, 0x80 | ((point >> 6) & 0x3f), 1);
    store<u8>(out, 0x80 | (point & 0x3f), 2);
    return out + 3;
  }
  store<u8>(out, 0xf0 | (point >> 18));
  store<u8>(out, 0x80 | ((point >> 12) & 0x3f), 1);
  store<u8>(out, 0x80 | ((point >> 6) & 0x3f), 2);
  store<u8>(out, 0x80 | (point & 0x3f), 3);
  return out + 4;
}
