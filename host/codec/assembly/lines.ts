// Lines of a file that is read chunk by chunk, as the records of a slice: their ends are found where
// they stand. Blank lines belong to the record before them, as in a batch that is read whole.

import { isSpace } from "./json_value";
import { offsetsAt, SLACK } from "./memory";

const LF: u32 = 0x0a;
const OPEN: u32 = 0x7b;

/** Records of the slice that was taken last. */
export let lineRows: u32 = 0;

/** Where the slice ends, and what stands behind it until the slice is given back. */
let sliceEnd: usize = 0;
const behind = memory.data(64, 16);

/**
 * Takes whole lines from `from` on, up to `to`: no more records than `rowsMax`, and no more bytes than
 * `bytesMax` unless the first alone has more. What follows the last line end is a record too where
 * `isLast` says that nothing comes behind it. Their offsets are addresses. Returns where they end;
 * `from` where there is no line end.
 */
export function takeLines(
  from: usize,
  to: usize,
  rowsMax: u32,
  bytesMax: u32,
  isLast: bool,
): usize {
  const newline = i8x16.splat(LF as i8);
  const limit = from + bytesMax;
  let rows: u32 = 0;
  let start = from;
  for (let at = from; at < to; at += 16) {
    let mask: u32 = i8x16.bitmask(i8x16.eq(v128.load(at), newline));
    if (to - at < 16) mask &= (1 << ((to - at) as u32)) - 1;
    while (mask != 0) {
      const end = at + ctz(mask) + 1;
      mask &= mask - 1;
      if (!isBlank(start, end)) {
        if (rows == rowsMax || (rows > 0 && end > limit)) return close(rows, start);
        store<u32>(offsetsAt + (rows++ << 2), start as u32);
      }
      start = end;
    }
  }
  if (isLast && start < to && !(rows > 0 && (rows == rowsMax || to > limit))) {
    if (!isBlank(start, to)) store<u32>(offsetsAt + (rows++ << 2), start as u32);
    start = to;
  }
  return close(rows, start);
}

function close(rows: u32, end: usize): usize {
  store<u32>(offsetsAt + (rows << 2), end as u32);
  lineRows = rows;
  return end;
}

@inline
function isBlank(from: usize, to: usize): bool {
  return load<u8>(from) != OPEN && isWhite(from, to);
}

function isWhite(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (!isSpace(load<u8>(at))) return false;
  return true;
}

/** Puts zeros behind a slice, which end whatever is read too far; what stood there is kept. */
export function setZeros(end: usize): void {
  sliceEnd = end;
  memory.copy(behind, end, SLACK);
  memory.fill(end, 0, SLACK);
}

/** Puts back what stood behind the slice. */
export function closeLines(): void {
  memory.copy(sliceEnd, behind, SLACK);
}
