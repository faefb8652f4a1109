// Writes rows as the pages of a table in a SQLite database. They stand in the output, where they are to
// be taken before it is full; see image_page.ts for their order.
//
// In the output stand, one behind the other: the tags and values of one row's cells, the types of its
// record, the text that its cells are cut out of, its record where that is a large one, and the pages.

import { openText } from "./cell_text";
import { putCells } from "./cells";
import { columnCount } from "./column";
import { localBytes, PAGE_NUMBER, putChain } from "./image_overflow";
import {
  closeTable,
  hasLeafLeft,
  nextPage,
  openCell,
  openTable,
  pageSize,
  pagesTo,
  putWord,
  writePagesTo,
} from "./image_page";
import { measureRecord, putRecord, setWholeDoubles } from "./image_record";
import { putVarint, varintLength } from "./image_varint";
import { inputAt, outputAt, outputEnd, scratchAt, SLACK } from "./memory";
import { expectOrder } from "./order";
import { rowFrom, rowTo } from "./slice";

/** The root's page. */
const ROOT: u32 = 2;
/** Bytes that a cell takes at most besides its text: its type, and a number. */
const CELL_BYTES: u32 = 17;

/** Why it has stopped: all rows are written, one is to be read by others, or there is no room. */
const DONE: u32 = 0;
const UNSURE_ROW: u32 = 1;
const FULL: u32 = 2;

/** Why it has stopped last. */
export let imageStop: u32 = DONE;
/** Tags of the cells of one row. */
export let rowTagsAt: usize = 0;
/** Their values. */
export let rowValuesAt: usize = 0;
let rowTypesAt: usize = 0;
/** What its cells are cut out of. */
export let rowTextAt: usize = 0;
let recordAt: usize = 0;
/** Where pages begin that are to be taken. */
export let pagesAt: usize = 0;

/** Begins an image with pages of so many bytes. */
export function openImage(bytes: u32, wholeAsInteger: bool): void {
  openTable(bytes);
  setWholeDoubles(wholeAsInteger);
}

/** Lays the regions of a row and of pages again; pages that stood there were taken. */
export function layImage(): void {
  const inputBytes = scratchAt - inputAt;
  rowTagsAt = outputAt;
  rowValuesAt = align(rowTagsAt + columnCount);
  rowTypesAt = rowValuesAt + 8 * columnCount;
  rowTextAt = align(rowTypesAt + 9 * columnCount + SLACK);
  recordAt = align(rowTextAt + inputBytes + SLACK);
  pagesAt = align(recordAt + inputBytes + CELL_BYTES * columnCount + SLACK);
  writePagesTo(pagesAt);
}

@inline
function align(at: usize): usize {
  return (at + 63) & ~63;
}

/**
 * Writes rows of the slice from `first` to before `last`, where the first row of the slice has the
 * number `number` in the table. Returns the row at which it stopped, and tells why.
 */
export function imageRows(first: u32, last: u32, number: u32): u32 {
  expectOrder();
  imageStop = DONE;
  for (let row = first; row < last; row++) {
    const from = rowFrom(row);
    const to = rowTo(row);
    if (!hasRoom((to - from) as u32)) {
      imageStop = FULL;
      return row;
    }
    openText(rowTextAt, rowTextAt);
    if (!putCells(from, to, rowTagsAt, rowValuesAt) || !putRow(number + row)) {
      imageStop = UNSURE_ROW;
      return row;
    }
  }
  return last;
}

/** Writes the row whose cells stand in their place; false where there is no room, or it is none. */
export function imageRow(number: u32, textBytes: u32): bool {
  if (!hasRoom(textBytes)) return false;
  openText(rowTextAt, rowTextAt);
  return putRow(number);
}

/** Whether a row of so many bytes of text could be written, whatever it makes of the pages. */
@inline
function hasRoom(textBytes: u32): bool {
  const record = textBytes + CELL_BYTES * columnCount;
  const bytes = record + (record >> 6) + 3 * pageSize;
  return pagesTo + bytes <= outputEnd && hasLeafLeft();
}

function putRow(number: u32): bool {
  const record = measureRecord(rowTagsAt, rowValuesAt, rowTypesAt);
  if (record == 0) return false;
  const local = localBytes(record);
  const head = varintLength(record) + varintLength(number);
  if (local == record) {
    const out = putHead(record, number, openCell(number, head + record));
    putRecord(rowTagsAt, rowValuesAt, out);
    return true;
  }
  putRecord(rowTagsAt, rowValuesAt, recordAt);
  const out = putHead(record, number, openCell(number, head + local + PAGE_NUMBER));
  memory.copy(out, recordAt, local);
  putWord(out + local, nextPage);
  putChain(recordAt + local, record - local);
  return true;
}

@inline
function putHead(record: u32, number: u32, out: usize): usize {
  return putVarint(number, putVarint(record, out));
}

/** Says that the pages so far were taken. */
export function takePages(): void {
  writePagesTo(pagesAt);
}

/** Writes the last pages, the root as the very last; returns how many there are, the schema's included. */
export function closeImage(): u32 {
  closeTable(ROOT);
  return nextPage - 1;
}
