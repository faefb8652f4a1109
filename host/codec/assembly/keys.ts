// Finds the column of a key. Records of a source mostly keep one order of keys, so each column
// knows which one is expected after it; where that fails, a hash table is asked.
//
// Keys are compared as they are spelled. The hash table holds a column's number + 1 in each slot in
// use, u16, and at least half of its slots are free.

import {
  columnAt,
  columnCount,
  headMaskOf,
  headOf,
  keyLengthOf,
  keyOf,
  setNext,
} from "./column";
import { slotsAt } from "./memory";

/** The column expected at the beginning of a record. */
export let firstColumn: u32 = 0;
let slotMask: u32 = 0;

/** Fills the hash table, of so many slots, and expects columns in their order. */
export function indexKeys(slots: u32): void {
  slotMask = slots - 1;
  firstColumn = 0;
  memory.fill(slotsAt, 0, slots << 1);
  for (let i: u32 = 0; i < columnCount; i++) {
    const column = columnAt(i);
    const key = keyOf(column);
    let slot = hash(key, keyLengthOf(column)) & slotMask;
    while (load<u16>(slotsAt + (slot << 1)) != 0) slot = (slot + 1) & slotMask;
    store<u16>(slotsAt + (slot << 1), i + 1);
    setNext(column, i + 1);
  }
}

/** Whether the column's key stands at `at`: quotes, name and colon. */
@inline
export function stands(column: usize, at: usize): bool {
  const mask = headMaskOf(column);
  const same = i8x16.bitmask(i8x16.eq(v128.load(at), headOf(column)));
  if ((same & mask) != mask) return false;
  const length = keyLengthOf(column);
  return length <= 16 || restStands(keyOf(column), at, length);
}

function restStands(key: usize, at: usize, length: u32): bool {
  let done: u32 = 16;
  for (; done + 16 <= length; done += 16) {
    const same = i8x16.eq(v128.load(at + done), v128.load(key + done));
    if (i8x16.bitmask(same) != 0xffff) return false;
  }
  const mask = (1 << (length - done)) - 1;
  const same = i8x16.eq(v128.load(at + done), v128.load(key + done));
  return (i8x16.bitmask(same) & mask) == mask;
}

/** The column whose key, `"name":` in `length` bytes, has its opening quote at `at`; -1 if none. */
export function findColumn(at: usize, length: u32): i32 {
  let slot = hash(at, length) & slotMask;
  while (true) {
    const found: u32 = load<u16>(slotsAt + (slot << 1));
    if (found == 0) return -1;
    const column = columnAt(found - 1);
    // The colon may stand apart: it is the last byte of the key, and left out here.
    if (keyLengthOf(column) == length && sameName(keyOf(column), at, length - 1)) return found - 1;
    slot = (slot + 1) & slotMask;
  }
}

function sameName(key: usize, at: usize, length: u32): bool {
  let done: u32 = 0;
  for (; done + 16 <= length; done += 16) {
    const same = i8x16.eq(v128.load(at + done), v128.load(key + done));
    if (i8x16.bitmask(same) != 0xffff) return false;
  }
  const mask = (1 << (length - done)) - 1;
  const same = i8x16.eq(v128.load(at + done), v128.load(key + done));
  return (i8x16.bitmask(same) & mask) == mask;
}

/** Expects a column after another one, or, after -1, at the beginning. */
export function expect(column: u32, before: i32): void {
  if (before < 0) firstColumn = column;
  else setNext(columnAt(before), column);
}

/** Of `"name":`, its first seven letters, the last eight bytes before the colon, and its length. */
function hash(key: usize, length: u32): u32 {
  const name = length - 1;
  const room: u32 = min(name, 8);
  const mask: u64 = room == 8 ? ~(0 as u64) : ((1 as u64) << (room << 3)) - 1;
  const head = load<u64>(key) & mask;
  const tail = load<u64>(key + name - room) & mask;
  const mixed = (head ^ (tail * 0x9e3779b97f4a7c15) ^ name) * 0xff51afd7ed558ccd;
  return (mixed >> 40) as u32;
}
