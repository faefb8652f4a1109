// What the JavaScript side calls. It copies a slice of records into the input, has rows encoded,
// and copies the output out; where a row is not certain, it asks the reference and goes on behind.

import { writeBinaryRow } from "./binary";
import { setRules } from "./check";
import { setColumnCount } from "./column";
import { setTexts } from "./cell_text";
import { writeTextRow } from "./copy_text";
import { expectFields, writeFields } from "./csv_direct";
import { writeDirect } from "./direct";
import { expectOrder } from "./order";
import { indexKeys } from "./keys";
import { takeCsv, takeLines } from "./lines";
import { layRegions, outputAt, outputEnd } from "./memory";
import { csv, isRowValid, openSlice, readRow, rowFrom, rowRoom, rowTo, setFormat } from "./slice";

export {
  columnsAt,
  formatAt,
  inputAt,
  keysAt,
  marksAt,
  offsetsAt,
  outputAt,
  outputEnd,
  scratchAt,
} from "./memory";
export { readCells } from "./cells";
export {
  closeImage,
  imageRow,
  imageRows,
  imageStop,
  layImage,
  openImage,
  pagesAt,
  rowTagsAt,
  rowTextAt,
  rowValuesAt,
  takePages,
} from "./image";
export { pagesTo } from "./image_page";
export { closeTaken, takenRows } from "./lines";
export { openSlice, openTaken } from "./slice";
export { carry, hashFrom, hashTaken, hashTo } from "./xxh64";

/** COPY text; the binary format is 1. */
const TEXT_FORMAT: u32 = 0;

/** Why encoding stopped: all rows are encoded. */
const DONE: u32 = 0;
/** The reference has to say what becomes of the row. */
const UNSURE_ROW: u32 = 1;
/** There is no room for a further row. */
const FULL: u32 = 2;

/** Why encoding stopped last. */
export let stopReason: u32 = DONE;
/** Where the output that was written last ends. */
export let outputTo: usize = 0;

/** Makes room for an encoder; the addresses of its regions then stand in the exported globals. */
export function lay(
  columns: u32,
  keyBytes: u32,
  slots: u32,
  formatBytes: u32,
  rows: u32,
  inputBytes: u32,
  outputBytes: u32,
): bool {
  setColumnCount(columns);
  return layRegions(columns, keyBytes, slots, formatBytes, rows, inputBytes, outputBytes);
}

/** Takes up the table of columns, which was written, and what else holds for a whole batch. */
export function openBatch(isCsv: bool, slots: u32, nul: bool, nan: bool, utf8: bool): void {
  setFormat(isCsv);
  setRules(nul, nan);
  setTexts(utf8);
  indexKeys(slots);
  expectOrder();
  if (isCsv) expectFields();
}

/**
 * Writes rows of the slice from `first` on, up to `last`, to the output; `ordinal` is that of the
 * slice's first row, or -1. Returns the row at which it stopped, and tells why.
 */
export function encode(format: u32, first: u32, last: u32, ordinal: f64): u32 {
  return encodeTo(format, first, last, ordinal, outputAt, outputEnd, outputEnd);
}

/** The same from `out` on, where there is room up to `end`; it stops behind `enough` too. */
export function encodeTo(
  format: u32,
  first: u32,
  last: u32,
  ordinal: f64,
  out: usize,
  enough: usize,
  end: usize,
): u32 {
  let row = first;
  stopReason = DONE;
  for (; row < last; row++) {
    const from = rowFrom(row);
    const to = rowTo(row);
    if (out >= enough || out + rowRoom(from) > end) {
      stopReason = FULL;
      break;
    }
    const number: i64 = ordinal < 0 ? -1 : (ordinal as i64) + row;
    const next = writeRow(format, from, to, out, number);
    if (next == 0) {
      stopReason = UNSURE_ROW;
      break;
    }
    out = next;
  }
  outputTo = out;
  return row;
}

/** Takes records from what is read chunk by chunk; see lines.ts. */
export function takeRecords(
  from: usize,
  to: usize,
  rowsMax: u32,
  bytesMax: u32,
  isLast: bool,
  lineEnd: u32,
): usize {
  return csv
    ? takeCsv(from, to, rowsMax, bytesMax, isLast, lineEnd)
    : takeLines(from, to, rowsMax, bytesMax, isLast);
}

@inline
function writeRow(format: u32, from: usize, to: usize, out: usize, ordinal: i64): usize {
  const isText = format == TEXT_FORMAT;
  if ((isText || !csv) && isRowValid(from, to)) {
    const next = csv
      ? writeFields(from, to, out, ordinal)
      : writeDirect(isText, from, to, out, ordinal);
    if (next != 0) return next;
  }
  if (!readRow(from, to)) return 0;
  return isText ? writeTextRow(out, ordinal) : writeBinaryRow(out, ordinal);
}
