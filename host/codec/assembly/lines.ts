// Records of a file that is read chunk by chunk, as those of a slice: their ends are found where they
// stand, by the rules of the splitters in src/batching/. Blank lines belong to the record before them, as
// in a batch that is read whole.

import { isLineEnd } from "./csv";
import { isSpace } from "./json_value";
import { formatAt, offsetsAt, SLACK } from "./memory";

const LF: u32 = 0x0a;
const QUOTE: u32 = 0x22;
const OPEN: u32 = 0x7b;

/** Records of the slice that was taken last. */
export let takenRows: u32 = 0;

/** Where the slice ends, and what stands behind it until the slice is given back. */
let sliceEnd: usize = 0;
const behind = memory.data(64, 16);

/**
 * Takes whole records, lines of JSON, from `from` on, up to `to`: no more than `rowsMax`, and no more
 * bytes than `bytesMax` unless the first alone has more. What follows the last line end is a record too
 * where `isLast` says that nothing comes behind it. Their offsets are addresses. Returns where they
 * end; `from` where none does.
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

/** The same of CSV, whose records end with `lineEnd` where no quote is open. */
export function takeCsv(
  from: usize,
  to: usize,
  rowsMax: u32,
  bytesMax: u32,
  isLast: bool,
  lineEnd: u32,
): usize {
  const lineEnds = i8x16.splat(lineEnd as i8);
  const quotes = i8x16.splat(QUOTE as i8);
  const delimiter = load<u32>(formatAt);
  // An empty line is its field.
  const oneField = load<u32>(formatAt, 12) == 1;
  const limit = from + bytesMax;
  let rows: u32 = 0;
  let start = from;
  let quoted = false;
  // Behind the quote that closed a field last.
  let closed: usize = 0;
  for (let at = from; at < to; at += 16) {
    const block = v128.load(at);
    const marks = v128.or(i8x16.eq(block, lineEnds), i8x16.eq(block, quotes));
    let mask: u32 = i8x16.bitmask(marks);
    if (to - at < 16) mask &= (1 << ((to - at) as u32)) - 1;
    while (mask != 0) {
      const place = at + ctz(mask);
      mask &= mask - 1;
      if (load<u8>(place) != lineEnd) {
        if (quoted) {
          quoted = false;
          closed = place + 1;
        } else {
          quoted = place == closed || place == start || load<u8>(place - 1) == delimiter;
        }
      } else if (!quoted) {
        const end = place + 1;
        if (oneField || !isLineEnd(start, end)) {
          if (rows == rowsMax || (rows > 0 && end > limit)) return close(rows, start);
          store<u32>(offsetsAt + (rows++ << 2), start as u32);
        }
        start = end;
      }
    }
  }
  if (isLast && start < to && !(rows > 0 && (rows == rowsMax || to > limit))) {
    if (oneField || !isLineEnd(start, to)) store<u32>(offsetsAt + (rows++ << 2), start as u32);
    start = to;
  }
  return close(rows, start);
}

function close(rows: u32, end: usize): usize {
  store<u32>(offsetsAt + (rows << 2), end as u32);
  takenRows = rows;
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
export function closeTaken(): void {
  memory.copy(sliceEnd, behind, SLACK);
}
