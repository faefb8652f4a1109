// The slice of a batch that stands in the input: whole records, and where each of them lies.

import { columnCount } from "./column";
import { readCsv } from "./csv";
import { readJson } from "./json";
import { setZeros } from "./lines";
import { inputAt, offsetsAt, SLACK } from "./memory";
import { continues, isAscii, isSliceValid, isUtf8 } from "./utf8";

/** Whether records are CSV; NDJSON otherwise. */
export let csv: bool = false;
/** What is added to an offset within the batch to make it an address. */
let shift: usize = 0;
/** Where the slice ends. */
let sliceTo: usize = 0;
/** Whether no byte of the slice is outside of ASCII. */
export let sliceAscii: bool = false;
/** Whether the slice as a whole is valid UTF-8. */
let sliceValid: bool = false;

/** Says how records are written. */
export function setFormat(isCsv: bool): void {
  csv = isCsv;
}

/** Takes up the slice that stands in the input, its offsets in theirs. */
export function openSlice(bytes: u32): void {
  const end = inputAt + bytes;
  memory.fill(end, 0, SLACK);
  enter(inputAt, end, inputAt - load<u32>(offsetsAt));
}

/** Takes up records where they stand, [from, to), their addresses in the offsets; see lines.ts. */
export function openTaken(from: usize, to: usize): void {
  setZeros(to);
  enter(from, to, 0);
}

function enter(from: usize, to: usize, offset: usize): void {
  sliceTo = to;
  shift = offset;
  sliceAscii = isAscii(from, to);
  sliceValid = sliceAscii || isSliceValid(from, to);
}

/** Where a record of the slice begins. */
@inline
export function rowFrom(row: u32): usize {
  return shift + load<u32>(offsetsAt + (row << 2));
}

/** Where a record of the slice ends. */
@inline
export function rowTo(row: u32): usize {
  return shift + load<u32>(offsetsAt + (row << 2), 4);
}

/**
 * Bytes that no form of a record exceeds, even if it is written up to the end of the slice before
 * its own end is found to have been passed.
 */
@inline
export function rowRoom(from: usize): usize {
  return 2 * (sliceTo - from) + 32 * columnCount + 64;
}

/** Whether a record is whole in itself as UTF-8: valid, and not cut within a character. */
@inline
export function isRowValid(from: usize, to: usize): bool {
  return sliceAscii || isOddRowValid(from, to);
}

function isOddRowValid(from: usize, to: usize): bool {
  return sliceValid ? !continues(from) && !continues(to) : isUtf8(from, to);
}

/** Reads a record into the spans. False where only the reference can say what it is. */
export function readRow(from: usize, to: usize): bool {
  if (!isRowValid(from, to)) return false;
  return csv ? readCsv(from, to) : readJson(from, to);
}
