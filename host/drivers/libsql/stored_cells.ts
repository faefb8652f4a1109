/**
 * Cells as SQLite is to keep them: a codec's own, but for columns whose affinity has a say in what
 * becomes of a value; see `stored_value.ts`.
 */
import type { Batch, Column, RejectedRow, Shape } from "../../../src/batch.ts";
import type { Cell, CellOptions, CellReader, Codec } from "../../codec/codec.ts";
import { RejectList } from "../../codec/reference/reject_list.ts";
import {
  ILL_FORMED,
  type Kept,
  keptJson,
  keptKey,
  keptNumber,
  keptText,
  keptValue,
  LOOSE_KEY,
  type UNKEPT,
} from "./stored_value.ts";

/** A column whose affinity has a say. */
export interface StoredColumn {
  /** Position within the shape. */
  readonly index: number;
  readonly column: Column;
  /** As it was declared. */
  readonly declared: string;
  /** Whether it makes numbers of texts that read like one; else it keeps what comes. */
  readonly makesNumbers: boolean;
}

/** A codec whose cells are those that such columns keep. */
export function storedCodec(codec: Codec, columns: readonly StoredColumn[]): Codec {
  if (columns.length === 0) return codec;
  const shapes = new WeakMap<Shape, Shape>();
  return {
    copy: (batch, options) => codec.copy(batch, options),
    contentHash: (batch) => codec.contentHash(batch),
    cells(batch, options) {
      let shape = shapes.get(batch.shape);
      if (!shape) shapes.set(batch.shape, shape = askedShape(batch, columns));
      return new StoredCells(codec, { ...batch, shape }, { columns, options });
    },
  };
}

/** Of columns without a type, values of JSON are asked for by their source, which tells 1 from "1". */
function askedShape({ shape, format }: Batch, columns: readonly StoredColumn[]): Shape {
  if (format.kind === "csv") return shape;
  const loose = new Set(
    columns.filter(({ column }) => column.type === "other").map((c) => c.index),
  );
  if (loose.size === 0) return shape;
  return {
    ...shape,
    columns: shape.columns.map((c, i) => loose.has(i) ? { ...c, type: "json" } : c),
  };
}

class StoredCells implements CellReader {
  readonly #reader: CellReader;
  readonly #width: number;
  readonly #columns: readonly { readonly stored: StoredColumn; keep(text: string): Kept }[];
  readonly #unkept: RejectList;
  #merged: readonly RejectedRow[] = [];

  constructor(
    codec: Codec,
    batch: Batch,
    { columns, options }: {
      readonly columns: readonly StoredColumn[];
      readonly options: CellOptions;
    },
  ) {
    this.#reader = codec.cells(batch, options);
    this.#width = batch.shape.columns.length;
    this.#unkept = new RejectList(batch);
    const isCsv = batch.format.kind === "csv";
    const updates = batch.shape.mode === "upsert";
    this.#columns = columns.flatMap((stored) => {
      const keep = keeper(stored, { isCsv, isKey: updates && stored.column.key });
      return keep ? [{ stored, keep }] : [];
    });
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
    for (const { stored, keep } of this.#columns) {
      const cell = out[cells + stored.index];
      if (typeof cell !== "string") continue;
      const kept = keep(cell);
      if (typeof kept === "symbol") {
        this.#unkept.add(row, faultOf(stored, kept));
        return false;
      }
      out[cells + stored.index] = kept;
    }
    return true;
  }
}

/** What becomes of a column's texts; undefined where they stay what they are. */
function keeper(
  { column, makesNumbers }: StoredColumn,
  { isCsv, isKey }: { readonly isCsv: boolean; readonly isKey: boolean },
): ((text: string) => Kept) | undefined {
  switch (column.type) {
    case "other":
      if (!isCsv) return (source) => keptValue(source, makesNumbers);
      if (makesNumbers) return keptText;
      return isKey ? keptKey : undefined;
    case "decimal":
      return keptNumber;
    case "json":
      return keptJson;
    default:
      return keptText;
  }
}

function faultOf(
  { column: { name, type }, declared }: StoredColumn,
  why: typeof UNKEPT | typeof ILL_FORMED | typeof LOOSE_KEY,
) {
  if (why === LOOSE_KEY) {
    return {
      code: "type" as const,
      message:
        "The text reads like a number, and the key has no type, so that it would stand beside " +
        "that number: declare the column as INTEGER or TEXT",
      column: name,
    };
  }
  if (why === ILL_FORMED) {
    return {
      code: "encoding" as const,
      message: "A lone surrogate stands in a string",
      column: name,
    };
  }
  const text = type === "decimal" || type === "json" ? `${type.toUpperCase()} TEXT` : "TEXT";
  return {
    code: type === "decimal" || type === "json" ? "range" as const : "type" as const,
    message: "SQLite would make another number or text of the value, in a column declared as " +
      `${declared}: declare it as ${text}, which keeps it`,
    column: name,
  };
}
