/**
 * Writes a batch as the image of a SQLite database with the compiled codec: one table, whose rows have
 * the number of their record within the batch, counted from 1. Rows of which that is not certain are
 * read, or rejected, by the reference, one by one.
 */
import { type Batch, type RejectedRow, rowCount } from "../../src/model/batch.ts";
import type { Cell, ImageEncoder, ImageOptions } from "./codec.ts";
import { writeImageHead } from "./image_head.ts";
import { packCells } from "./packed_cells.ts";
import { VARIES } from "./reference/cell_span.ts";
import { CellRows } from "./reference/cells.ts";
import { RejectList } from "./reference/reject_list.ts";
import { STOP } from "./wasm_module.ts";
import { BatchSlices, type CodecInstance } from "./wasm_slices.ts";

/** Bytes of a page: as many as SQLite takes. */
const PAGE_BYTES = 65_536;
/** Pages that are written after the others, though they are the first: the schema and the root. */
const FIRST_PAGES = 2;

/** Room for images, one after the other; it grows as they need it. */
export interface ImageRoom {
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Writes a batch as the image of a SQLite database with the compiled codec: one table, whose rows
 * have the number of their record within the batch, counted from 1.
 */
export class WasmImage implements ImageEncoder {
  readonly #instance: CodecInstance;
  readonly #batch: Batch;
  readonly #options: ImageOptions;
  readonly #room: ImageRoom;
  readonly #pageBytes: number;
  readonly #slices: BatchSlices;
  readonly #rejects: RejectList;
  /** For the rows that are left to the reference; made for the first of them. */
  #rest: CellRows | undefined;
  /** Bytes of the image so far. */
  #length = 0;
  rows = 0;
  varies = false;

  /** An encoder of one batch that has columns. */
  constructor(
    instance: CodecInstance,
    batch: Batch,
    options: ImageOptions & { readonly room: ImageRoom },
  ) {
    const columns = batch.shape.columns.length;
    const { rules, pageBytes = PAGE_BYTES, room } = options;
    this.#instance = instance;
    this.#batch = batch;
    this.#options = options;
    this.#room = room;
    this.#pageBytes = pageBytes;
    // What `layImage` and `hasRoom` in assembly/image.ts ask for, and pages of four times the input.
    this.#slices = new BatchSlices(instance, batch, {
      rules,
      utf8: true,
      outputBytes: (inputBytes) => 6 * inputBytes + 80 * columns + 8 * pageBytes + 1024,
    });
    this.#rejects = new RejectList(batch);
  }

  get rejects(): readonly RejectedRow[] {
    return this.#rejects.rows;
  }

  get repaired(): number {
    return this.#rest?.repaired ?? 0;
  }

  encode(rejectsMax: number): Uint8Array<ArrayBuffer> | undefined {
    const { exports } = this.#instance;
    const pageBytes = this.#pageBytes;
    const count = rowCount(this.#batch);
    this.#length = FIRST_PAGES * pageBytes;
    exports.openImage(pageBytes, this.#options.wholeAsInteger);
    for (let row = 0; row < count && !this.varies;) {
      const end = this.#slices.open(row);
      if (end === row) return undefined;
      exports.layImage();
      row = this.#encodeSlice(row, end);
      if (row < end && !this.varies) return undefined;
    }
    if (this.varies || this.rejects.length > rejectsMax) return new Uint8Array();
    return this.#close();
  }

  /** Encodes the rows of the slice that is open; returns the row at which it had to stop. */
  #encodeSlice(first: number, end: number): number {
    const { exports } = this.#instance;
    let row = first;
    while (row < end) {
      const from = row;
      row = first + exports.imageRows(row - first, end - first, 1 + first);
      this.rows += row - from;
      const stop = exports.imageStop.value;
      if (stop === STOP.unsure) {
        if (!this.#encodeUnsure(row)) return row;
        row++;
      } else if (stop === STOP.full && !this.#takePages()) {
        return row;
      }
    }
    this.#takePages();
    return end;
  }

  /** Encodes a row by the reference; false where it varies, or is too large. */
  #encodeUnsure(row: number): boolean {
    this.#rest ??= new CellRows(this.#batch, this.#options.rules);
    const cells: Cell[] = [];
    const fault = this.#rest.append(row, cells);
    if (fault === VARIES) {
      this.varies = true;
      return false;
    }
    if (fault) {
      this.#rejects.add(row, fault);
      return true;
    }
    if (!this.#putCells(row, cells)) return false;
    this.rows++;
    return true;
  }

  #putCells(row: number, cells: readonly Cell[]): boolean {
    const { exports } = this.#instance;
    const { tags, values, bytes } = packCells(cells, 1);
    if (bytes.length > exports.scratchAt.value - exports.inputAt.value) return false;
    this.#takePages();
    const memory = exports.memory.buffer;
    new Uint8Array(memory).set(tags, exports.rowTagsAt.value);
    new Float64Array(memory, exports.rowValuesAt.value, values.length).set(values);
    new Uint8Array(memory).set(bytes, exports.rowTextAt.value);
    return exports.imageRow(row + 1, bytes.length) !== 0;
  }

  /** Adds the pages that are done to the image; whether there were any. */
  #takePages(): boolean {
    const { exports } = this.#instance;
    const from = exports.pagesAt.value;
    const to = exports.pagesTo.value;
    if (from === to) return false;
    this.#append(new Uint8Array(exports.memory.buffer, from, to - from));
    exports.takePages();
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

  /** Adds the last pages, and those that stand first. */
  #close(): Uint8Array<ArrayBuffer> | undefined {
    const { exports } = this.#instance;
    const pageBytes = this.#pageBytes;
    if (rowCount(this.#batch) === 0) return undefined;
    const pages = exports.closeImage();
    this.#takePages();
    // The root came last.
    this.#length -= pageBytes;
    const { bytes } = this.#room;
    bytes.copyWithin(pageBytes, this.#length, this.#length + pageBytes);
    const head = bytes.subarray(0, pageBytes);
    const { table, sql } = this.#options;
    return writeImageHead(head, { table, sql, pages })
      ? bytes.subarray(0, this.#length)
      : undefined;
  }
}
