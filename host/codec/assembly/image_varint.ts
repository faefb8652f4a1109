// SQLite's integers of 1 to 9 bytes: https://sqlite.org/fileformat2.html#varint. Lengths and numbers of
// rows are below 2^56, so that eight bytes are enough.

/** How many bytes a number takes. */
@inline
export function varintLength(value: u64): u32 {
  if (value < 0x80) return 1;
  return value < 0x4000 ? 2 : (70 - (clz(value) as u32)) / 7;
}

/** Writes a number; returns where it ends. */
@inline
export function putVarint(value: u64, out: usize): usize {
  if (value < 0x80) {
    store<u8>(out, value as u8);
    return out + 1;
  }
  return putLong(value, out);
}

function putLong(value: u64, out: usize): usize {
  const end = out + varintLength(value);
  let at = end - 1;
  store<u8>(at, (value & 0x7f) as u8);
  while (at > out) {
    value >>= 7;
    store<u8>(--at, (value | 0x80) as u8);
  }
  return end;
}
