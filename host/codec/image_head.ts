/**
 * The first page of a SQLite database that holds one table, whose root is page 2: the header, and a
 * schema of one row. https://sqlite.org/fileformat2.html#the_database_header
 */

const encoder = new TextEncoder();

/** Bytes of the database's header. */
const HEADER_BYTES = 100;
/** Bytes of the header of a leaf, and of its one pointer. */
const LEAF_BYTES = 8 + 2;
/** Where the root of the table stands. */
const ROOT = 2;
/** The version of SQLite that the file says it was written by: 3.40.1. */
const VERSION = 3_040_001;

/** What the page says. */
export interface ImageHead {
  readonly table: string;
  /** The statement that would make the table. */
  readonly sql: string;
  /** Pages of the image. */
  readonly pages: number;
}

/** Writes the page, which is as large as `page`; false where the statement does not fit it. */
export function writeImageHead(page: Uint8Array, { table, sql, pages }: ImageHead): boolean {
  const cell = schemaCell(table, sql);
  const content = page.length - cell.length;
  if (content < HEADER_BYTES + LEAF_BYTES) return false;
  const view = new DataView(page.buffer, page.byteOffset, page.length);
  page.fill(0);
  page.set(encoder.encode("SQLite format 3\0"));
  view.setUint16(16, page.length === 65_536 ? 1 : page.length);
  // Rollback journal to write and to read; no bytes reserved; and what it always has.
  page.set([1, 1, 0, 64, 32, 32], 18);
  view.setUint32(24, 1);
  view.setUint32(28, pages);
  view.setUint32(40, 1);
  view.setUint32(44, 4);
  view.setUint32(56, 1);
  view.setUint32(92, 1);
  view.setUint32(96, VERSION);
  page[HEADER_BYTES] = 0x0d;
  view.setUint16(HEADER_BYTES + 3, 1);
  view.setUint16(HEADER_BYTES + 5, content);
  view.setUint16(HEADER_BYTES + 8, content);
  page.set(cell, content);
  return true;
}

/** The schema's row as a cell: type, name, tbl_name, rootpage, sql. */
function schemaCell(table: string, sql: string): Uint8Array {
  const [kind, name, text] = ["table", table, sql].map((each) => encoder.encode(each));
  const types = [
    ...[kind!, name!, name!].flatMap(textType),
    1,
    ...textType(text!),
  ];
  const record = [types.length + 1, ...types, ...kind!, ...name!, ...name!, ROOT, ...text!];
  return Uint8Array.from([...varint(record.length), 1, ...record]);
}

function textType({ length }: Uint8Array): number[] {
  return varint(13 + 2 * length);
}

function varint(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift(rest & 0x7f | 0x80);
  return bytes;
}
