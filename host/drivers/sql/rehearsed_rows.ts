/**
 * Rows for a plan's rehearsal: some that the table holds, some that are loaded, and what it is to hold
 * afterwards. Each value is like no other, so that one which is lost, doubled, changed or in the place of
 * another is seen.
 */
import type { Shape } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";

/** A value as it is bound, or read back. */
export type Value = string | number | bigint | null | Uint8Array;
/** A row, in the order of the shape. */
export type Row = readonly Value[];

/**
 * Rows for a plan's rehearsal: some that the table holds, some that are loaded, and what it is to
 * hold afterwards.
 */
export interface Rehearsal {
  /** What the table holds. */
  readonly before: readonly Row[];
  /** What is loaded. */
  readonly loaded: readonly Row[];
  /** What it is to hold then, in any order. */
  readonly after: readonly Row[];
  /** A row that it holds before, whose key it holds afterwards; undefined where there is none. */
  readonly referred: Row | undefined;
}

/** Rows that make a difference in the mode. */
export function rehearsalOf(shape: Shape): Rehearsal {
  const kept = rowOf(shape, { key: 3, version: 0 });
  const old = rowOf(shape, { key: 1, version: 0 });
  const loaded = [1, 2].map((key) => rowOf(shape, { key, version: 1 }));
  switch (shape.mode) {
    case "append":
      return { before: [kept], loaded, after: [kept, ...loaded], referred: kept };
    case "upsert":
      return { before: [kept, old], loaded, after: [kept, ...loaded], referred: old };
    case "replace": {
      const referred = shape.columns.some(({ key }) => key) ? old : undefined;
      return { before: [kept, old], loaded, after: loaded, referred };
    }
  }
}

/** Rows as texts, in an order of their own: equal where the database holds the same. */
export function contents(rows: readonly Row[]): string {
  return rows.map((row) => JSON.stringify(row.map(textOf))).sort().join("\n");
}

/** A value whatever affinity it was kept with. */
function textOf(value: Value): string {
  if (value instanceof Uint8Array) return `x${value.toHex()}`;
  const text = String(value);
  return text !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

/** Rows with one key differ in everything beside it where their versions do. */
function rowOf(
  { columns }: Shape,
  { key, version }: { readonly key: number; readonly version: number },
): Row {
  return columns.map((column, i) =>
    valueOf(column.type, 100 * (i + 1) + 10 * key + (column.key ? 0 : version))
  );
}

function valueOf(type: ColumnType, number: number): Value {
  const instant = new Date(1000 * number).toISOString();
  switch (type) {
    case "boolean":
    case "int16":
      return BigInt(number % 30_000);
    case "int32":
    case "int64":
      return BigInt(number);
    case "float32":
    case "float64":
      return number + 0.5;
    case "decimal":
      return `${number}.25`;
    case "json":
      return `[${number}]`;
    case "bytes":
      return Uint8Array.of(number >> 8, number & 255);
    case "date":
      return new Date(86_400_000 * number).toISOString().slice(0, 10);
    case "time":
      return instant.slice(11, 19);
    case "timestamp":
      return instant.slice(0, 19);
    case "timestamptz":
      return instant;
    case "uuid":
      return `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`;
    case "text":
    case "other":
      return `t${number}`;
  }
}
