/**
 * Cells as SQLite is to keep them: a codec's own, but for columns whose affinity has a say in what
 * becomes of a value; see `stored_value.ts`.
 */
import type { Batch, Column, Shape } from "../../../src/model/batch.ts";
import type { Codec } from "../../codec/codec.ts";
import type { Fault } from "../../codec/reference/cell_span.ts";
import { KeptCells, type KeptColumn, Unkept } from "../sql/kept_cells.ts";
import {
  ILL_FORMED,
  type Kept,
  keptJson,
  keptKey,
  keptNumber,
  keptText,
  keptValue,
  LOOSE_KEY,
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
      const asked = { ...batch, shape };
      return new KeptCells(codec, asked, { columns: keptColumns(columns, asked), options });
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

/** Only texts are other values to an affinity. */
function keptColumns(
  columns: readonly StoredColumn[],
  { format, shape }: Batch,
): KeptColumn[] {
  const isCsv = format.kind === "csv";
  const updates = shape.mode === "upsert";
  return columns.flatMap((stored) => {
    const keep = keeper(stored, { isCsv, isKey: updates && stored.column.key });
    if (!keep) return [];
    return [{
      index: stored.index,
      keep(cell) {
        if (typeof cell !== "string") return cell;
        const kept = keep(cell);
        return typeof kept === "symbol" ? new Unkept(faultOf(stored, kept)) : kept;
      },
    }];
  });
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

function faultOf({ column: { name: column, type }, declared }: StoredColumn, why: symbol): Fault {
  if (why === LOOSE_KEY) {
    const message =
      "The text reads like a number, and the key has no type, so that it would stand " +
      "beside that number: declare the column as INTEGER or TEXT";
    return { code: "type", message, column };
  }
  if (why === ILL_FORMED) {
    return { code: "encoding", message: "A lone surrogate stands in a string", column };
  }
  const isSpelled = type === "decimal" || type === "json";
  const text = isSpelled ? `${type.toUpperCase()} TEXT` : "TEXT";
  const message =
    "SQLite would make another number or text of the value, in a column declared as " +
    `${declared}: declare it as ${text}, which keeps it`;
  return { code: isSpelled ? "range" : "type", message, column };
}
