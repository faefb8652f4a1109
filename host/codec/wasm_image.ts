/**
 * Writes a batch as the image of a SQLite database with the compiled codec: one table, whose rows have
 * the number of their record within the batch, counted from 1. Rows of which that is not certain are
 * read, or rejected, by the reference, one by one.
 */
import { type Batch, type RejectedRow, rowCount } from "../../src/model/batch.ts";
import type { Cell, ImageEncoder, ImageOptions, ImageRoom } from "./codec.ts";
import { imageOutputBytes, ImagePages } from "./image_pages.ts";
import { VARIES } from "./reference/cell_span.ts";
import { CellRows } from "./reference/cell_rows.ts";
import { RejectList } from "./reference/reject_list.ts";
import { BatchSlices, type CodecInstance } from "./wasm_slices.ts";

/**
 * Writes a batch as the image of a SQLite database with the compiled codec: one table, whose rows
 * have the number of their record within the batch, counted from 1.
 */
export class WasmImage implements ImageEncoder {
  readonly #instance: CodecInstance;
  readonly #batch: Batch;
  readonly #options: ImageOptions & { readonly room: ImageRoom };
  readonly #slices: BatchSlices;
  readonly #rejects: RejectList;
  /** For the rows that are left to the reference; made for the first of them. */
  #rest: CellRows | undefined;
  #pages: ImagePages | undefined;
  varies = false;

  /** An encoder of one batch that has columns. */
  constructor(
    instance: CodecInstance,
    batch: Batch,
    options: ImageOptions & { readonly room: ImageRoom },
  ) {
    const columns = batch.shape.columns.length;
    const { rules, pageBytes } = options;
    this.#instance = instance;
    this.#batch = batch;
    this.#options = options;
    this.#slices = new BatchSlices(instance, batch, {
      rules,
      utf8: true,
      outputBytes: (inputBytes) =>
        imageOutputBytes({ sliceBytes: inputBytes, inputBytes, columns, pageBytes }),
    });
    this.#rejects = new RejectList(batch);
  }

  get rows(): number {
    return this.#pages?.rows ?? 0;
  }

  get rejects(): readonly RejectedRow[] {
    return this.#rejects.rows;
  }

  get repaired(): number {
    return this.#rest?.repaired ?? 0;
  }

  encode(rejectsMax: number): Uint8Array<ArrayBuffer> | undefined {
    const count = rowCount(this.#batch);
    if (count === 0) return undefined;
    const { exports } = this.#instance;
    const pages = this.#pages = new ImagePages(exports, this.#options, this.#options.room);
    for (let row = 0; row < count && !this.varies;) {
      const end = this.#slices.open(row);
      if (end === row) return undefined;
      pages.lay();
      row = this.#encodeSlice(pages, row, end);
      if (row < end && !this.varies) return undefined;
    }
    if (this.varies || this.rejects.length > rejectsMax) return new Uint8Array();
    return pages.close();
  }

  /** Encodes the rows of the slice that is open; returns the row at which it had to stop. */
  #encodeSlice(pages: ImagePages, first: number, end: number): number {
    const rows = end - first;
    let row = 0;
    while ((row = pages.addRows(row, rows, 1 + first)) < rows) {
      if (!pages.isUnsure || !this.#encodeUnsure(pages, first + row)) break;
      row++;
    }
    return first + row;
  }

  /** Encodes a row by the reference; false where it varies, or is too large. */
  #encodeUnsure(pages: ImagePages, row: number): boolean {
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
    return pages.addCells(row + 1, cells);
  }
}
