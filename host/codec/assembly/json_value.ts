// A strict scanner of JSON (RFC 8259). It builds nothing: it says where a value ends, of which kind
// it is and what stands in its strings. A zero byte ends everything. UTF-8 was validated before.

import { ARRAY, ESCAPED, FALSE, NONE, NUL, NUMBER, OBJECT, STRING, TRUE } from "./spans";

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
/** How deep objects and arrays may be nested: LIMITS.jsonDepthMax. */
const DEPTH_MAX: i32 = 512;

/** Kind of the value that was read last. */
export let valueKind: u32 = 0;
/** Flags of all strings of the value that was read last. */
export let stringFlags: u32 = 0;

/** Of each container that is open whether it is an object, by depth from 1. */
const nesting = memory.data(DEPTH_MAX + 1);

/** What each letter after a backslash stands for; 1 for `u`, 0 for what is no escape. */
const letters = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 92, 0, 0, 0,
  0, 0, 8, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 13, 0, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** What a letter after a backslash stands for; 1 for `u`, 0 for what is no escape. */
@inline
export function escapeLetter(c: u32): u32 {
  return load<u8>(letters + c);
}

/** The first byte from `at` on that is no white space. */
@inline
export function space(at: usize): usize {
  return load<u8>(at) > 0x20 ? at : spaceEnd(at);
}

function spaceEnd(at: usize): usize {
  // One space stands behind each comma and colon, if any does.
  if (load<u8>(at) == 0x20 && load<u8>(at, 1) > 0x20) return at + 1;
  while (isSpace(load<u8>(at))) at++;
  return at;
}

@inline
export function isSpace(c: u32): bool {
  return c == 0x0a || c == 0x0d || c == 0x20 || c == 0x09;
}

/** One bit for each of the 16 bytes at which reading a string has to stop and look. */
@inline
export function stops(block: v128): i32 {
  const control = i8x16.eq(i8x16.min_u(block, i8x16.splat(0x1f)), block);
  const quote = i8x16.eq(block, i8x16.splat(QUOTE as i8));
  const backslash = i8x16.eq(block, i8x16.splat(BACKSLASH as i8));
  return i8x16.bitmask(v128.or(v128.or(control, quote), backslash));
}

/** The closing quote of the string whose text begins at `at`; 0 if it is malformed. */
export function stringEnd(at: usize): usize {
  stringFlags = 0;
  return moreString(at);
}

/** The same, adding to the flags. */
function moreString(at: usize): usize {
  while (true) {
    const mask = stops(v128.load(at));
    if (mask == 0) {
      at += 16;
      continue;
    }
    at += ctz(mask);
    const c: u32 = load<u8>(at);
    if (c == QUOTE) return at;
    if (c != BACKSLASH) return 0;
    stringFlags |= ESCAPED;
    at = escapeEnd(at);
    if (at == 0) return 0;
  }
}

/** Behind the escape whose backslash stands at `at`; 0 if it is none. Surrogates come in pairs. */
export function escapeEnd(at: usize): usize {
  const letter = escapeLetter(load<u8>(at, 1));
  if (letter > 1) return at + 2;
  if (letter == 0) return 0;
  const unit = codeUnit(at + 2);
  if (unit < 0) return 0;
  if (unit == 0) stringFlags |= NUL;
  if ((unit & 0xf800) != 0xd800) return at + 6;
  if (unit >= 0xdc00 || load<u16>(at, 6) != 0x755c) return 0;
  return (codeUnit(at + 8) & 0xfc00) == 0xdc00 ? at + 12 : 0;
}

/** The value of four hexadecimal digits, or -1. */
export function codeUnit(at: usize): i32 {
  return (hexDigit(load<u8>(at)) << 12) | (hexDigit(load<u8>(at, 1)) << 8) |
    (hexDigit(load<u8>(at, 2)) << 4) | hexDigit(load<u8>(at, 3));
}

@inline
function hexDigit(c: u32): i32 {
  if (c - 0x30 <= 9) return c - 0x30;
  const letter = (c | 0x20) - 0x61;
  return letter <= 5 ? letter + 10 : -1;
}

/** One bit for each of the 16 bytes that is no digit. */
@inline
export function nonDigits(block: v128): u32 {
  const digits = i8x16.sub(block, i8x16.splat(0x30));
  return i8x16.bitmask(i8x16.eq(i8x16.max_u(digits, i8x16.splat(10)), digits));
}

/** The end of the run of digits that begins at `at`. */
@inline
export function digitsEnd(at: usize): usize {
  while (true) {
    const mask = nonDigits(v128.load(at));
    if (mask != 0) return at + ctz(mask);
    at += 16;
  }
}

/** The end of the JSON number that begins at `at`, or 0 if none does. */
export function numberEnd(at: usize): usize {
  if (load<u8>(at) == 0x2d) at++;
  if (load<u8>(at) == 0x30) at++;
  else {
    const end = digitsEnd(at);
    if (end == at) return 0;
    at = end;
  }
  if (load<u8>(at) == 0x2e) {
    const end = digitsEnd(at + 1);
    if (end == at + 1) return 0;
    at = end;
  }
  if ((load<u8>(at) | 0x20) != 0x65) return at;
  at++;
  const sign: u32 = load<u8>(at);
  if (sign == 0x2b || sign == 0x2d) at++;
  const end = digitsEnd(at);
  return end == at ? 0 : end;
}

/** The end of the value at `at`, `depth` objects or arrays deep; 0 if it is malformed. */
export function jsonValue(at: usize, depth: i32): usize {
  stringFlags = 0;
  const c: u32 = load<u8>(at);
  if (c == QUOTE) {
    valueKind = STRING;
    return quotedEnd(at);
  }
  if (c == 0x7b || c == 0x5b) {
    const end = containerEnd(at, depth);
    valueKind = c == 0x7b ? OBJECT : ARRAY;
    return end;
  }
  return plainValue(at, c);
}

/** The end of a word or a number; 0 if it is neither. */
@inline
function plainValue(at: usize, c: u32): usize {
  if (c == 0x2d || c - 0x30 <= 9) {
    valueKind = NUMBER;
    return numberEnd(at);
  }
  const word = load<u32>(at);
  if (word == 0x6c6c756e) {
    valueKind = NONE;
    return at + 4;
  }
  if (word == 0x65757274) {
    valueKind = TRUE;
    return at + 4;
  }
  if (word == 0x736c6166 && load<u8>(at, 4) == 0x65) {
    valueKind = FALSE;
    return at + 5;
  }
  return 0;
}

/** The end of the object or array that begins at `at`; 0 if it is malformed. */
function containerEnd(at: usize, depth: i32): usize {
  const outside = depth;
  let isObject = false;
  while (true) {
    const c: u32 = load<u8>(at);
    if (c == 0x7b || c == 0x5b) {
      if (++depth > DEPTH_MAX) return 0;
      isObject = c == 0x7b;
      store<u8>(nesting + depth, isObject);
      at = space(at + 1);
      if (load<u8>(at) != (isObject ? 0x7d : 0x5d)) {
        if (isObject) at = memberValue(at);
        if (at == 0) return 0;
        continue;
      }
    } else {
      at = c == QUOTE ? quotedEnd(at) : plainValue(at, c);
      if (at == 0) return 0;
      at = space(at);
    }
    // Behind a value, or at the end of what is empty.
    while (true) {
      const next: u32 = load<u8>(at);
      if (next == 0x2c) {
        at = space(at + 1);
        if (isObject) at = memberValue(at);
        if (at == 0) return 0;
        break;
      }
      if (next != (isObject ? 0x7d : 0x5d)) return 0;
      if (--depth == outside) return at + 1;
      isObject = load<u8>(nesting + depth) != 0;
      at = space(at + 1);
    }
  }
}

/** Where the value of the member begins whose key stands at `at`; 0 if it is malformed. */
@inline
function memberValue(at: usize): usize {
  if (load<u8>(at) != QUOTE) return 0;
  const end = quotedEnd(at);
  if (end == 0) return 0;
  const colon = space(end);
  return load<u8>(colon) == 0x3a ? space(colon + 1) : 0;
}

/** Behind the string whose opening quote stands at `at`; 0 if it is malformed. */
@inline
function quotedEnd(at: usize): usize {
  const end = shortStringEnd(at + 1);
  if (end != 0) return end + 1;
  const longer = moreString(at + 1);
  return longer == 0 ? 0 : longer + 1;
}

/** The closing quote of a string that is short and without escapes, or 0. */
@inline
export function shortStringEnd(at: usize): usize {
  const mask = stops(v128.load(at));
  const end = at + ctz(mask);
  return mask != 0 && load<u8>(end) == QUOTE ? end : 0;
}
