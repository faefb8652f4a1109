/**
 * Cells as a database is to keep them: a codec's own, but for columns that would make other values of
 * some. A row with a value that would not be kept is rejected.
 */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import type { Cell, CellOptions, CellReader, Codec } from "../../codec/codec.ts";
import type { Fault } from "../../codec/reference/cell_span.ts";
import { RejectList } from "../../codec/reference/reject_list.ts";

/** A value that a column would not keep. */
export class Unkept {
  /** What is said of its row. */
  readonly fault: Fault;

  /** Says what is wrong. */
  constructor(fault: Fault) {
    this.fault = fault;
  }
}

/** A column that has a say. */
export interface KeptColumn {
  /** Position within the shape. */
  readonly index: number;
  /** What is sent for a cell, which is not NULL. */
  keep(cell: Exclude<Cell, null>): Cell | Unkept;
}

/** A codec whose cells are those that such columns keep. */
export function keptCodec(codec: Codec, columns: readonly KeptColumn[]): Codec {
  if (columns.length === 0) return codec;
  return {
    copy: (batch, options) => codec.copy(batch, options),
    contentHash: (batch) => codec.contentHash(batch),
    cells: (batch, options) => new KeptCells(codec, batch, { columns, options }),
  };
}

/**
 * Cells as a database is to keep them: a codec's own, but for columns that would make other values
 * of some.
 */
export class KeptCells implements CellReader {
  readonly #reader: CellReader;
  readonly #width: number;
  readonly #columns: readonly KeptColumn[];
  readonly #unkept: RejectList;
  #merged: readonly RejectedRow[] = [];

  /** Reads a batch by a codec. */
  constructor(
    codec: Codec,
    batch: Batch,
    { columns, options }: {
      readonly columns: readonly KeptColumn[];
      readonly options: CellOptions;
    },
  ) {
    this.#reader = codec.cells(batch, { ...options, packed: false });
    this.#width = batch.shape.columns.length;
    this.#unkept = new RejectList(batch);
    this.#columns = columns;
  }

  get repaired(): number {
    return this.#reader.repaired;
  }

  get varies(): boolean {
    return this.#reader.varies;
  }

  get rejects(): readonly RejectedRow[] {
    const { rejects } = this.#reader;
    const own = this.#unkept.rows;
    if (own.length === 0) return rejects;
    if (this.#merged.length !== rejects.length + own.length) {
      this.#merged = [...rejects, ...own].sort((a, b) => a.ordinal - b.ordinal);
    }
    return this.#merged;
  }

  read(rowsMax: number, out: Cell[], rows: number[]): number {
    for (;;) {
      const at = out.length;
      const firstRow = rows.length;
      const count = this.#reader.read(rowsMax, out, rows);
      if (count === 0) return 0;
      const kept = this.#keep(out, at, { rows, firstRow });
      if (kept > 0) return kept;
    }
  }

  /** Makes the cells of the rows from here on those that are kept; returns how many rows are left. */
  #keep(
    out: Cell[],
    at: number,
    { rows, firstRow }: { readonly rows: number[]; readonly firstRow: number },
  ): number {
    const width = this.#width;
    let to = firstRow;
    for (let row = firstRow; row < rows.length; row++) {
      const cells = at + (row - firstRow) * width;
      if (!this.#keepRow(out, cells, rows[row]!)) continue;
      if (to !== row) {
        rows[to] = rows[row]!;
        out.copyWithin(at + (to - firstRow) * width, cells, cells + width);
      }
      to++;
    }
    rows.length = to;
    out.length = at + (to - firstRow) * width;
    return to - firstRow;
  }

  #keepRow(out: Cell[], cells: number, row: number): boolean {
    for (const column of this.#columns) {
      const cell = out[cells + column.index]!;
      if (cell === null) continue;
      const kept = column.keep(cell);
      if (kept instanceof Unkept) {
        this.#unkept.add(row, kept.fault);
        return false;
      }
      out[cells + column.index] = kept;
    }
    return true;
  }
}
