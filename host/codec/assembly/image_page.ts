// The pages of a table's b-tree: https://sqlite.org/fileformat2.html#b_tree_pages. Rows come in the
// order of their numbers, so that every page is filled once, from the first to the last, and handed out.
//
// - Page 1 is the schema's and not made here. Page 2 is the root, which is handed out last.
// - Cells of the open leaf stand in `stage`, in their order; where they start, in `starts`.
// - The last number of each leaf that is closed stands in `lastRows`, its page in `leafPages`; of inner
//   pages, once a level is done, in the same places.

import { putVarint, varintLength } from "./image_varint";

const PAGE_SIZE_MAX: u32 = 65_536;
/** A leaf's cell has four bytes and a pointer of two at least. */
const CELLS_MAX: u32 = PAGE_SIZE_MAX / 6;
/** Closed leaves, at most: a gibibyte of the largest pages. */
const LEAVES_MAX: u32 = 16_384;
/** Bytes that blocks may write behind the stage. */
const SLACK: u32 = 64;

const LEAF: u8 = 0x0d;
const INNER: u8 = 0x05;
const LEAF_HEADER: u32 = 8;
const INNER_HEADER: u32 = 12;
/** A child of an inner page: its page, the last of its rows in five bytes at most, and a pointer. */
const CHILD_BYTES: u32 = 11;
/** The first page that is neither the schema's nor the root. */
const FIRST_PAGE: u32 = 3;

const stage: usize = memory.data(PAGE_SIZE_MAX + SLACK, 16);
const starts: usize = memory.data(4 * CELLS_MAX, 16);
const leafPages: usize = memory.data(4 * LEAVES_MAX, 16);
const lastRows: usize = memory.data(4 * LEAVES_MAX, 16);

/** Bytes of a page. */
export let pageSize: u32 = 0;
/** Where the next page is written. */
export let pagesTo: usize = 0;
/** The number of the next page. */
export let nextPage: u32 = FIRST_PAGE;
let stageTo: usize = stage;
let cells: u32 = 0;
let lastRow: u32 = 0;
let leaves: u32 = 0;

/** Begins a table. */
export function openTable(bytes: u32): void {
  pageSize = bytes;
  nextPage = FIRST_PAGE;
  stageTo = stage;
  cells = leaves = 0;
}

/** Says where pages are written from now on. */
export function writePagesTo(at: usize): void {
  pagesTo = at;
}

/** Takes a page that was written. */
export function passPage(): void {
  pagesTo += pageSize;
  nextPage++;
}

/** Whether a leaf could be closed: there is room for what is told of it. */
@inline
export function hasLeafLeft(): bool {
  return leaves < LEAVES_MAX - 1;
}

/** Begins the cell of a row, of so many bytes; where it is to be written. */
export function openCell(row: u32, bytes: u32): usize {
  const used = (stageTo - stage) as u32;
  if (used + bytes + 2 * (cells + 1) + LEAF_HEADER > pageSize) closeLeaf(nextPage);
  const at = stageTo;
  store<u32>(starts + 4 * cells, (at - stage) as u32);
  cells++;
  stageTo = at + bytes;
  lastRow = row;
  return at;
}

function closeLeaf(page: u32): void {
  const used = (stageTo - stage) as u32;
  const content = pageSize - used;
  putHeader(LEAF, cells, content);
  let out = pagesTo + LEAF_HEADER;
  for (let i: u32 = 0; i < cells; i++, out += 2) {
    putShort(out, content + load<u32>(starts + 4 * i));
  }
  memory.copy(pagesTo + content, stage, used);
  store<u32>(leafPages + 4 * leaves, page);
  store<u32>(lastRows + 4 * leaves, lastRow);
  leaves++;
  stageTo = stage;
  cells = 0;
  pagesTo += pageSize;
  if (page == nextPage) nextPage++;
}

/** Writes what is left, and the pages above the leaves; the last one that is written is the root. */
export function closeTable(root: u32): void {
  if (leaves == 0) {
    closeLeaf(root);
    return;
  }
  if (cells > 0) closeLeaf(nextPage);
  const childrenMax = (pageSize - INNER_HEADER) / CHILD_BYTES;
  let children = leaves;
  do {
    const isLast = children <= childrenMax;
    let made: u32 = 0;
    let first: u32 = 0;
    while (first < children) {
      let count = min(childrenMax, children - first);
      // None is left alone: an inner page has two children at least.
      if (children - first - count == 1) count--;
      const page = isLast ? root : nextPage++;
      putInner(first, count);
      store<u32>(leafPages + 4 * made, page);
      store<u32>(lastRows + 4 * made, load<u32>(lastRows + 4 * (first + count - 1)));
      made++;
      first += count;
    }
    children = made;
  } while (children > 1);
}

/** Writes an inner page: a cell for each child but the last, which stands in the header. */
function putInner(first: u32, count: u32): void {
  let content = pageSize;
  let pointers = pagesTo + INNER_HEADER;
  const last = first + count - 1;
  for (let i = first; i < last; i++, pointers += 2) {
    const row = load<u32>(lastRows + 4 * i);
    content -= 4 + varintLength(row);
    putWord(pagesTo + content, load<u32>(leafPages + 4 * i));
    putVarint(row, pagesTo + content + 4);
    putShort(pointers, content);
  }
  putHeader(INNER, count - 1, content);
  putWord(pagesTo + 8, load<u32>(leafPages + 4 * last));
  pagesTo += pageSize;
}

/** A content that begins behind a page of 65,536 bytes is written as 0. */
function putHeader(kind: u8, count: u32, content: u32): void {
  store<u32>(pagesTo, kind);
  putShort(pagesTo + 3, count);
  putShort(pagesTo + 5, content);
  store<u8>(pagesTo + 7, 0);
}

@inline
function putShort(at: usize, value: u32): void {
  store<u16>(at, bswap<u16>(value as u16));
}

@inline
export function putWord(at: usize, value: u32): void {
  store<u32>(at, bswap<u32>(value));
}
