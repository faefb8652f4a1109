// Texts across the border: AssemblyScript's UTF-16 strings here, UTF-8 in Extism's blocks there.
// Extism moves eight bytes a call; what is left over goes one by one.

import {
  alloc,
  input_length,
  input_load_u64,
  input_load_u8,
  length,
  load_u64,
  load_u8,
  store_u64,
  store_u8,
} from "./host";

/** Copies a text into a block of the host and returns its handle. Lone surrogates become U+FFFD. */
export function give(text: string): i64 {
  const bytes = String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
  const size = bytes.byteLength;
  const from = changetype<usize>(bytes);
  const handle = alloc(size);
  let at = 0;
  for (; at + 8 <= size; at += 8) store_u64(handle + at, load<i64>(from + at));
  for (; at < size; at++) store_u8(handle + at, load<u8>(from + at));
  return handle;
}

/** The text behind a handle; empty for 0. */
export function take(handle: i64): string {
  if (handle == 0) return "";
  const size = length(handle) as i32;
  const bytes = new ArrayBuffer(size);
  const to = changetype<usize>(bytes);
  let at = 0;
  for (; at + 8 <= size; at += 8) store<i64>(to + at, load_u64(handle + at));
  for (; at < size; at++) store<u8>(to + at, load_u8(handle + at) as u8);
  return String.UTF8.decode(bytes);
}

/** What the host handed to this call; empty where it handed nothing. */
export function input(): string {
  const size = input_length() as i32;
  const bytes = new ArrayBuffer(size);
  const to = changetype<usize>(bytes);
  let at = 0;
  for (; at + 8 <= size; at += 8) store<i64>(to + at, input_load_u64(at));
  for (; at < size; at++) store<u8>(to + at, input_load_u8(at) as u8);
  return String.UTF8.decode(bytes);
}
