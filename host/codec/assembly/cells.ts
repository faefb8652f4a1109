// Prepares the cells of records for JavaScript, which makes the values: a tag for each cell, and
// eight bytes that the tag says how to read.
//
// The output holds, each part behind a multiple of eight bytes:
// - a head of u32: addresses of the tags, of the values, of the narrow window and its end, of the
//   wide window and its end; and 1 if there are bytes among the cells
// - the windows of text (cell_text.ts); bytes stand decoded in the narrow one
// - the values, eight bytes each, and the tags, u8, row after row

import { readMembers } from "./cell_direct";
import { narrowAt, narrowEnd, openText, takeBackText, wideAt, wideEnd } from "./cell_text";
import { forgetBytes, hasBytes, LEFT, putCell } from "./cell_value";
import { COLUMN_SIZE, columnAt, columnCount } from "./column";
import { outputAt, outputEnd, SLACK } from "./memory";
import { expectOrder } from "./order";
import { csv, isRowValid, readRow, rowFrom, rowTo } from "./slice";
import { endOf, kindOf, startOf } from "./spans";

/** Bytes of the head. */
const HEAD: usize = 32;

/**
 * Prepares the records of the slice from `first` to before `last`, or as many as there is room for.
 * Returns the one after the last.
 */
export function readCells(first: u32, last: u32): u32 {
  const textBytes: usize = rowTo(last - 1) - rowFrom(first) + SLACK;
  const narrow = outputAt + HEAD;
  const wide = align(narrow + textBytes);
  const valuesAt = align(wide + 2 * textBytes);
  const rowsMax: u32 = ((outputEnd - valuesAt) as u32) / (9 * columnCount);
  if (rowsMax < last - first) last = first + rowsMax;
  const tagsAt = valuesAt + 8 * (last - first) * columnCount;
  openText(narrow, wide);
  forgetBytes();
  expectOrder();
  let tags = tagsAt;
  let values = valuesAt;
  for (let row = first; row < last; row++) {
    if (!putCells(rowFrom(row), rowTo(row), tags, values)) store<u8>(tags, LEFT);
    tags += columnCount;
    values += 8 * columnCount;
  }
  store<u32>(outputAt, tagsAt);
  store<u32>(outputAt, valuesAt, 4);
  store<u32>(outputAt, narrowAt, 8);
  store<u32>(outputAt, narrowEnd, 12);
  store<u32>(outputAt, wideAt, 16);
  store<u32>(outputAt, wideEnd, 20);
  store<u32>(outputAt, hasBytes, 24);
  return last;
}

@inline
function align(at: usize): usize {
  return (at + 7) & ~7;
}

/** Prepares a record; false where only the reference can. */
export function putCells(from: usize, to: usize, tags: usize, values: usize): bool {
  const narrow = narrowEnd;
  const wide = wideEnd;
  if (!csv && isRowValid(from, to)) {
    if (readMembers(from, to, tags, values)) return true;
    takeBackText(narrow, wide);
  }
  if (readRow(from, to) && putSpans(tags, values)) return true;
  takeBackText(narrow, wide);
  return false;
}

/** Prepares the cells of the record that was read into the spans. */
function putSpans(tags: usize, values: usize): bool {
  const count = columnCount;
  let column = columnAt(0);
  for (let index: u32 = 0; index < count; index++) {
    const tag = putCell(column, kindOf(index), startOf(index), endOf(index), values);
    if (tag == LEFT) return false;
    store<u8>(tags + index, tag);
    column += COLUMN_SIZE;
    values += 8;
  }
  return true;
}

