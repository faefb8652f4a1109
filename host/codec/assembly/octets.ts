// Bytes from their text: base64, hex with or without `\x` before it, or the text's own UTF-8.

import { isBase64, putBase64, putHex } from "./base64";
import { fourBytes } from "./binary_time";
import { bytesFormOf } from "./column";
import { putPlain } from "./copy_text";
import { hexMask } from "./time";

// Forms that a column has.
const BASE64: u32 = 1;
const HEX: u32 = 2;
const TEXT: u32 = 3;

/** `\x`. */
const HEX_MARK: u32 = 0x785c;

/** The form of the text that was checked last. */
let form: u32 = 0;
/** Where its digits or its letters begin. */
export let octetsFrom: usize = 0;

/** Whether a text is certainly one of a column of bytes. */
export function isOctets(column: usize, from: usize, to: usize): bool {
  form = bytesFormOf(column);
  octetsFrom = from;
  if (form == TEXT || from == to) {
    form = TEXT;
    return true;
  }
  if (to - from >= 2 && (load<u16>(from) as u32) == HEX_MARK) {
    form = HEX;
    octetsFrom = from + 2;
  }
  return form == HEX ? isHex(octetsFrom, to) : form == BASE64 && isBase64(from, to);
}

function isHex(from: usize, to: usize): bool {
  if (((to - from) & 1) != 0) return false;
  for (; from + 16 <= to; from += 16) if (hexMask(from) != 0xffff) return false;
  const rest = (1 << ((to - from) as i32)) - 1;
  return (hexMask(from) & rest) == rest;
}

/** Writes the bytes of the text that was checked last. May write up to 16 bytes more. */
export function putOctets(from: usize, to: usize, out: usize): usize {
  if (form == BASE64) return putBase64(from, to, out);
  if (form == TEXT) return putPlain(from, to, out);
  const end = out + ((to - from) >> 1);
  for (; from < to; from += 8, out += 4) store<u32>(out, fourBytes(load<u64>(from)));
  return end;
}

/** Writes them as hexadecimal digits. May write up to 16 bytes more. */
export function putOctetsHex(from: usize, to: usize, out: usize): usize {
  if (form == BASE64) return putHex(from, to, out);
  if (form == TEXT) return putTextHex(from, to, out);
  const end = out + (to - from);
  // Letters become small, digits stay.
  for (; from < to; from += 16, out += 16) {
    v128.store(out, v128.or(v128.load(from), i8x16.splat(0x20)));
  }
  return end;
}

function putTextHex(from: usize, to: usize, out: usize): usize {
  const end = out + ((to - from) << 1);
  const digits = i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102);
  for (; from < to; from += 8, out += 16) {
    const bytes = v128.load(from);
    const halves = i8x16.shuffle(
      v128.and(i8x16.shr_u(bytes, 4), i8x16.splat(15)), v128.and(bytes, i8x16.splat(15)),
      0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23,
    );
    v128.store(out, i8x16.swizzle(digits, halves));
  }
  return end;
}
