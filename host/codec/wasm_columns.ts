/**
 * Writes what an instance of the compiled codec has to know of a batch's columns and format; the
 * forms stand at the head of `assembly/column.ts`, `keys.ts` and `csv.ts`.
 */
import type { Batch, Column, RecordFormat, Shape } from "../../src/model/batch.ts";
import { BYTES_FORMS } from "../../src/model/bytes_form.ts";
import { columnTypeNumber } from "../../src/model/column_type.ts";
import type { WireType } from "./codec.ts";
import { cellColumns, INTEGER } from "./reference/cell_column.ts";

/** Bytes of one column's entry. */
const COLUMN_BYTES = 64;
/** Keys are read in blocks of so many bytes. */
const BLOCK = 16;

/** Types of the binary format; their position is the number that the compiled codec sees. */
const WIRE_TYPES: readonly WireType[] = [
  "bool",
  "int2",
  "int4",
  "int8",
  "numeric",
  "float4",
  "float8",
  "text",
  "json",
  "jsonb",
  "bytea",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "uuid",
];

/**
 * Largest value of each integer type, and how many digits fit whatever they are; no more than stand
 * in a block of 16 bytes with a sign.
 */
const INTEGER_LIMITS: Partial<Record<Column["type"], readonly [bigint, number]>> = {
  int16: [32_767n, 4],
  int32: [2_147_483_647n, 9],
  int64: [9_223_372_036_854_775_807n, 15],
};

/** Sizes of what is written. */
export interface ColumnSizes {
  readonly columns: number;
  readonly keyBytes: number;
  /** Slots of the hash table of keys: a power of two, at least twice the columns. */
  readonly slots: number;
  readonly formatBytes: number;
}

/** Where it is written to. */
export interface ColumnPlaces {
  readonly columnsAt: number;
  readonly keysAt: number;
  readonly formatAt: number;
}

const encoder = new TextEncoder();
const keysOfShapes = new WeakMap<Shape, readonly Uint8Array[]>();

/** Each column's key as it stands in JSON: `"name":`. */
function keysOf(shape: Shape): readonly Uint8Array[] {
  let keys = keysOfShapes.get(shape);
  if (keys === undefined) {
    keys = shape.columns.map(({ name }) => encoder.encode(`${JSON.stringify(name)}:`));
    keysOfShapes.set(shape, keys);
  }
  return keys;
}

/** Whole blocks, and one more for what is read past the end. */
function keyRoom(key: Uint8Array): number {
  return (Math.ceil(key.length / BLOCK) + 1) * BLOCK;
}

/** How much room the columns and the format of a batch take. */
export function columnSizes({ shape, format }: Pick<Batch, "shape" | "format">): ColumnSizes {
  const columns = shape.columns.length;
  return {
    columns,
    keyBytes: keysOf(shape).reduce((sum, key) => sum + keyRoom(key), 0),
    slots: 2 ** Math.ceil(Math.log2(2 * columns + 2)),
    formatBytes: format.kind === "csv"
      ? 16 + 4 * format.header.length + 3 * format.nullText.length
      : 0,
  };
}

/** Writes the table of columns and what the format needs. */
export function writeColumns(
  memory: ArrayBufferLike,
  batch: Pick<Batch, "shape" | "format" | "optional">,
  { places, types }: {
    readonly places: ColumnPlaces;
    readonly types: readonly WireType[] | undefined;
  },
): void {
  const { shape, format } = batch;
  const bytes = new Uint8Array(memory);
  const view = new DataView(memory);
  const keys = keysOf(shape);
  let keyAt = places.keysAt;
  for (const column of cellColumns(batch)) {
    const at = places.columnsAt + column.index * COLUMN_BYTES;
    const key = keys[column.index]!;
    const wire = types?.[column.index];
    bytes.set(key, keyAt);
    view.setUint8(at, column.family);
    view.setUint8(at + 1, columnTypeNumber(column.type));
    const nullIfAbsent = column.nullable && !column.optional;
    const flags = [
      column.nullable,
      nullIfAbsent,
      column.inferred,
      column.elements !== undefined,
    ];
    view.setUint8(at + 2, flags.reduce((sum, flag, bit) => sum + (flag ? 2 ** bit : 0), 0));
    view.setUint8(at + 48, column.bytes === undefined ? 0 : 1 + BYTES_FORMS.indexOf(column.bytes));
    view.setUint8(at + 3, wire === undefined ? 0 : WIRE_TYPES.indexOf(wire));
    view.setUint32(at + 4, key.length, true);
    view.setUint32(at + 8, keyAt, true);
    view.setUint32(at + 12, 2 ** Math.min(BLOCK, key.length) - 1, true);
    bytes.set(bytes.subarray(keyAt, keyAt + BLOCK), at + 16);
    const [limit, digits] = column.family === INTEGER ? INTEGER_LIMITS[column.type]! : [0n, 0];
    view.setBigUint64(at + 32, limit, true);
    view.setUint32(at + 40, digits, true);
    keyAt += keyRoom(key);
  }
  if (format.kind === "csv") writeCsv(view, places.formatAt, { shape, format });
}

function writeCsv(
  view: DataView,
  at: number,
  { shape, format }: {
    readonly shape: Shape;
    readonly format: Extract<RecordFormat, { kind: "csv" }>;
  },
): void {
  const { delimiter, header, nullText } = format;
  const text = encoder.encode(nullText);
  const textAt = at + 16 + 4 * header.length;
  const columnOf = new Map(shape.columns.map(({ name }, column) => [name, column]));
  view.setUint32(at, delimiter.charCodeAt(0), true);
  view.setUint32(at + 4, text.length, true);
  view.setUint32(at + 8, textAt, true);
  view.setUint32(at + 12, header.length, true);
  header.forEach((name, i) => view.setInt32(at + 16 + 4 * i, columnOf.get(name) ?? -1, true));
  new Uint8Array(view.buffer).set(text, textAt);
}
