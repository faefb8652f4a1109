// Text of cells, gathered in two windows that each become one string of JavaScript, out of which
// cells are cut: one of a byte a character, for text up to U+00FF, and one of UTF-16. Or all text
// stands in the narrow one, as its UTF-8.

import { sliceAscii } from "./slice";
import { isAscii } from "./utf8";

/** Tag of a cell: start and end within the narrow window, u32 each. */
export const NARROW: u8 = 1;
/** Tag of a cell: start and end within the wide window, in units of 16 bits. */
export const WIDE: u8 = 2;

/** Whether the narrow window takes all text as its UTF-8. */
let asUtf8: bool = false;
/** Where the window of narrow text begins. */
export let narrowAt: usize = 0;
/** Where it ends so far. */
export let narrowEnd: usize = 0;
/** Where the window of wide text begins. */
export let wideAt: usize = 0;
/** Where it ends so far. */
export let wideEnd: usize = 0;

/** Says whether the narrow window takes all text. */
export function setTexts(utf8: bool): void {
  asUtf8 = utf8;
}

/** Begins both windows again. */
export function openText(narrow: usize, wide: usize): void {
  narrowAt = narrowEnd = narrow;
  wideAt = wideEnd = wide;
}

/** Takes back what was added behind these places. */
export function takeBackText(narrow: usize, wide: usize): void {
  narrowEnd = narrow;
  wideEnd = wide;
}

/** Adds text as it stands in the slice, as the value of a cell; its tag. */
@inline
export function putText(from: usize, to: usize, value: usize): u8 {
  if (!asUtf8 && !sliceAscii && !isAscii(from, to)) return putUnicode(from, to, value);
  let out = narrowEnd;
  const end = out + (to - from);
  putSpan(value, out - narrowAt, end - narrowAt);
  narrowEnd = end;
  for (; out < end; from += 16, out += 16) v128.store(out, v128.load(from));
  return NARROW;
}

/**
 * The same for text that was written where the narrow window ends, its escapes undone: it may be
 * outside of ASCII even where no byte of the slice is.
 */
export function putWritten(to: usize, value: usize): u8 {
  return asUtf8 || isAscii(narrowEnd, to) ? putBytes(to, value) : putUnicode(narrowEnd, to, value);
}

/** What was written where the narrow window ends, as the value of a cell. */
export function putBytes(to: usize, value: usize): u8 {
  putSpan(value, narrowEnd - narrowAt, to - narrowAt);
  narrowEnd = to;
  return NARROW;
}

function putUnicode(from: usize, to: usize, value: usize): u8 {
  if (isNarrow(from, to)) return putBytes(putNarrow(from, to, narrowEnd), value);
  const end = putWide(from, to, wideEnd);
  putSpan(value, (wideEnd - wideAt) >> 1, (end - wideAt) >> 1);
  wideEnd = end;
  return WIDE;
}

@inline
function putSpan(value: usize, start: usize, end: usize): void {
  store<u32>(value, start as u32);
  store<u32>(value, end as u32, 4);
}

/** Whether no character is above U+00FF. */
function isNarrow(from: usize, to: usize): bool {
  for (; from < to; from++) if (load<u8>(from) > 0xc3) return false;
  return true;
}

function putNarrow(from: usize, to: usize, out: usize): usize {
  for (; from < to; from++, out++) {
    const c: u32 = load<u8>(from);
    if (c < 0x80) {
      store<u8>(out, c);
    } else {
      from++;
      store<u8>(out, (c << 6) | (load<u8>(from) & 0x3f));
    }
  }
  return out;
}

function putWide(from: usize, to: usize, out: usize): usize {
  while (from < to) {
    const c: u32 = load<u8>(from);
    if (c < 0x80) {
      store<u16>(out, c);
      from++;
    } else if (c < 0xe0) {
      store<u16>(out, ((c & 0x1f) << 6) | low(from, 1));
      from += 2;
    } else if (c < 0xf0) {
      store<u16>(out, ((c & 0x0f) << 12) | (low(from, 1) << 6) | low(from, 2));
      from += 3;
    } else {
      const point = ((c & 0x07) << 18) | (low(from, 1) << 12) | (low(from, 2) << 6) | low(from, 3);
      store<u16>(out, 0xd7c0 + (point >> 10));
      store<u16>(out, 0xdc00 | (point & 0x3ff), 2);
      out += 2;
      from += 4;
    }
    out += 2;
  }
  return out;
}

/** The six bits of a byte that continues a sequence. */
@inline
function low(at: usize, index: usize): u32 {
  return load<u8>(at + index) & 0x3f;
}
