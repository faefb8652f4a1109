/**
 * The pages of an image, taken from an instance of the compiled codec as they are done: one table, whose
 * rows have the numbers that they are given.
 */
import type { Cell, ImageOptions, ImageRoom } from "./codec.ts";
import { writeImageHead } from "./image_head.ts";
import { packCells } from "./packed_cells.ts";
import { type CodecExports, STOP } from "./wasm_module.ts";

/** Bytes of a page: as many as SQLite takes. */
export const PAGE_BYTES = 65_536;
/** Pages that are written after the others, though they are the first: the schema and the root. */
const FIRST_PAGES = 2;

/**
 * Bytes of output for slices of so many bytes, of input of so many: what `layImage` and `hasRoom` in
 * assembly/image.ts ask for, and pages of twice the slice.
 */
export function imageOutputBytes(
  { sliceBytes, inputBytes, columns, pageBytes = PAGE_BYTES }: {
    readonly sliceBytes: number;
    readonly inputBytes: number;
    readonly columns: number;
    readonly pageBytes?: number | undefined;
  },
): number {
  return 2 * inputBytes + 4 * sliceBytes + 80 * columns + 8 * pageBytes + 1024;
}

/** The pages of an image, taken as they are done. */
export class ImagePages {
  readonly #exports: CodecExports;
  readonly #options: ImageOptions;
  readonly #pageBytes: number;
  readonly #room: ImageRoom;
  #length: number;
  /** Rows in it. */
  rows = 0;

  /** Begins an image. The instance's columns are laid for it. */
  constructor(exports: CodecExports, options: ImageOptions, room: ImageRoom) {
    const { pageBytes = PAGE_BYTES, wholeAsInteger } = options;
    this.#exports = exports;
    this.#options = options;
    this.#pageBytes = pageBytes;
    this.#room = room;
    this.#length = FIRST_PAGES * pageBytes;
    exports.openImage(pageBytes, wholeAsInteger);
  }

  /** Lays the regions of rows and pages, once those of the input are laid. */
  lay(): void {
    this.#exports.layImage();
  }

  /**
   * Adds rows of the slice that is open, from one up to another; the first of the slice has the number
   * `number` in the table. Returns the row at which it stopped: `to`, or one that is to be read by others
   * where {@linkcode ImagePages.isUnsure}, or one for which there is no room.
   */
  addRows(from: number, to: number, number: number): number {
    const { imageRows, imageStop } = this.#exports;
    for (let row = from; row < to;) {
      const before = row;
      row = imageRows(row, to, number);
      this.rows += row - before;
      if (imageStop.value === STOP.unsure) return row;
      if (imageStop.value === STOP.full && !this.#take()) return row;
    }
    this.#take();
    return to;
  }

  /** Whether it stopped at a row of which the codec is not certain. */
  get isUnsure(): boolean {
    return this.#exports.imageStop.value === STOP.unsure;
  }

  /** Adds a row that others have read; false where there is no room for it. */
  addCells(number: number, cells: readonly Cell[]): boolean {
    const { memory, scratchAt, inputAt, rowTagsAt, rowValuesAt, rowTextAt, imageRow } =
      this.#exports;
    const { tags, values, bytes } = packCells(cells, 1);
    if (bytes.length > scratchAt.value - inputAt.value) return false;
    this.#take();
    new Uint8Array(memory.buffer).set(tags, rowTagsAt.value);
    new Float64Array(memory.buffer, rowValuesAt.value, values.length).set(values);
    new Uint8Array(memory.buffer).set(bytes, rowTextAt.value);
    if (imageRow(number, bytes.length) === 0) return false;
    this.rows++;
    return true;
  }

  /**
   * The image, with the last pages, and those that stand first; undefined where what its table is does
   * not fit a page. There is a row at least.
   */
  close(): Uint8Array<ArrayBuffer> | undefined {
    const pageBytes = this.#pageBytes;
    const pages = this.#exports.closeImage();
    this.#take();
    // The root came last.
    this.#length -= pageBytes;
    const { bytes } = this.#room;
    bytes.copyWithin(pageBytes, this.#length, this.#length + pageBytes);
    const { table, sql } = this.#options;
    return writeImageHead(bytes.subarray(0, pageBytes), { table, sql, pages })
      ? bytes.subarray(0, this.#length)
      : undefined;
  }

  /** Adds the pages that are done to the image; whether there were any. */
  #take(): boolean {
    const { pagesAt, pagesTo, memory, takePages } = this.#exports;
    const from = pagesAt.value;
    const to = pagesTo.value;
    if (from === to) return false;
    this.#append(new Uint8Array(memory.buffer, from, to - from));
    takePages();
    return true;
  }

  #append(pages: Uint8Array): void {
    const room = this.#room;
    const end = this.#length + pages.length;
    if (room.bytes.length < end) {
      const larger = new Uint8Array(Math.max(end, 2 * room.bytes.length));
      larger.set(room.bytes.subarray(0, this.#length));
      room.bytes = larger;
    }
    room.bytes.set(pages, this.#length);
    this.#length = end;
  }
}
