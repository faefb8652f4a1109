// The table of columns, 64 bytes each, as the JavaScript side writes it (wasm_layout.ts):
//
//    0  u8   family          4  u32  length of the key   16  v128  first 16 bytes of the key
//    1  u8   type            8  u32  address of the key  32  u64   largest value of an integer
//    2  u8   flags          12  u32  mask of bytes 16…   40  u32   digits that always fit
//    3  u8   wire type                                   44  u32   column expected next
//                                                        48  u8    form of bytes
//
// Flags: 1 if NULL may stand in it, 2 if a record that lacks it has NULL there, 4 if its type was
// inferred, 8 if the database has an array there.
//
// A key is `"name":`, the name spelled as JSON.stringify does, padded to whole blocks of 16 bytes.

import { columnsAt } from "./memory";

/** Bytes of one column. */
export const COLUMN_SIZE: u32 = 64;

/** Families of types, as in the reference: members of one are checked and written alike. */
export const BOOLEAN: u32 = 0;
/** int16, int32, int64. */
export const INTEGER: u32 = 1;
/** decimal. */
export const DECIMAL: u32 = 2;
/** float32, float64. */
export const FLOAT: u32 = 3;
/** text, other. */
export const TEXT: u32 = 4;
/** json. */
export const JSON_TEXT: u32 = 5;
/** bytes. */
export const BYTES: u32 = 6;
/** date, time, timestamp, timestamptz, uuid. */
export const FORMED: u32 = 7;

/** Types that their family does not tell apart, by their position in COLUMN_TYPES. */
export const FLOAT32: u32 = 5;
export const DATE: u32 = 10;
export const TIME: u32 = 11;
export const TIMESTAMP: u32 = 12;
export const TIMESTAMPTZ: u32 = 13;
export const UUID: u32 = 14;

/** How many columns there are. */
export let columnCount: u32 = 0;

/** Says how many columns the table holds. */
export function setColumnCount(count: u32): void {
  columnCount = count;
}

/** The address of a column. */
@inline
export function columnAt(index: u32): usize {
  return columnsAt + index * COLUMN_SIZE;
}

@inline
export function familyOf(column: usize): u32 {
  return load<u8>(column);
}

@inline
export function typeOf(column: usize): u32 {
  return load<u8>(column, 1);
}

@inline
export function isNullable(column: usize): bool {
  return (load<u8>(column, 2) & 1) != 0;
}

/** Whether a record that lacks it has NULL there; else the reference has to say what it means. */
@inline
export function isNullIfAbsent(column: usize): bool {
  return (load<u8>(column, 2) & 2) != 0;
}

/** Whether the type was inferred: what it would change is left to the reference. */
@inline
export function isInferred(column: usize): bool {
  return (load<u8>(column, 2) & 4) != 0;
}

/** Whether the database has an array there: one of JSON is left to the reference. */
@inline
export function isArray(column: usize): bool {
  return (load<u8>(column, 2) & 8) != 0;
}

/** How bytes are written: 0 if nothing says so, else 1 and its position in BYTES_FORMS. */
@inline
export function bytesFormOf(column: usize): u32 {
  return load<u8>(column, 48);
}

/** The server's type, for the binary format: its number in the list of wasm_layout.ts. */
@inline
export function wireOf(column: usize): u32 {
  return load<u8>(column, 3);
}

@inline
export function keyLengthOf(column: usize): u32 {
  return load<u32>(column, 4);
}

@inline
export function keyOf(column: usize): usize {
  return load<u32>(column, 8);
}

/** One bit for each of the first 16 bytes that belong to the key. */
@inline
export function headMaskOf(column: usize): u32 {
  return load<u32>(column, 12);
}

@inline
export function headOf(column: usize): v128 {
  return v128.load(column, 16);
}

/** The largest value of an integer; the smallest is its complement. */
@inline
export function limitOf(column: usize): u64 {
  return load<u64>(column, 32);
}

/** An integer of so many digits or fewer is within the limit. */
@inline
export function sureDigitsOf(column: usize): u32 {
  return load<u32>(column, 40);
}

/** The column whose key is expected after this one's. */
@inline
export function nextOf(column: usize): u32 {
  return load<u32>(column, 44);
}

@inline
export function setNext(column: usize, next: u32): void {
  store<u32>(column, next, 44);
}
