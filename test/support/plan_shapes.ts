/** Shapes that every plugin has to plan for, and rows for them. */
import type { Column, Shape, WriteMode } from "../../src/batch.ts";
import { parseTemplate, renderTemplate, type SlotFilling } from "../../src/policy/slot.ts";
import { COLUMN_TYPES, type ColumnType } from "../../src/column_type.ts";

/** Columns by what is particular about them. */
export const PLAN_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  "one column": [column("v", "text")],
  "one key": [key("id", "int64")],
  "forty columns": [
    key("id", "int64"),
    ...Array.from({ length: 39 }, (_, i) => column(`c${i}`, "int32")),
  ],
  "a composite key": [
    column("note", "text"),
    key("b", "text"),
    column("n", "float64"),
    key("a", "int32"),
  ],
  "nothing but keys": [key("a", "int64"), key("b", "uuid"), key("c", "text")],
  "names to quote": [
    key('i"d', "int64"),
    column("order", "text"),
    column("{table}", "text"),
    column("ü ñ", "text"),
  ],
  "every type": [
    key("id", "int64"),
    ...COLUMN_TYPES.map((type) => column(`of_${type}`, type)),
    ...COLUMN_TYPES.map((type) => ({ ...column(`must_${type}`, type), nullable: false })),
  ],
};

/** A shape of these columns, in a table whose name has to be quoted. */
export function planShape(columns: readonly Column[], mode: WriteMode): Shape {
  return { table: { name: 'ta"ble' }, columns, mode };
}

/** A statement as a driver would fill it: both families quote names alike. */
export function renderPlanned(
  sql: string,
  shape: Shape,
  options: SlotFilling = {},
): string {
  const names = {
    table: quoted(shape.table.name),
    tableName: quoted(shape.table.name),
    staging: '"_snakepipe_staging"',
    aside: '"_snakepipe_aside"',
    ordinal: '"_snakepipe_ordinal"',
    columns: shape.columns.map((c) => quoted(c.name)),
    keys: shape.columns.filter((c) => c.key).map((c) => quoted(c.name)),
  };
  return renderTemplate(parseTemplate(sql, shape.columns.length), names, options);
}

/** A name as an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What can stand in a column of that type, as text; rows of different numbers differ in their keys. */
export function sampleText(type: ColumnType, row: number): string {
  switch (type) {
    case "boolean":
      return row % 2 === 0 ? "t" : "f";
    case "int16":
      return String(-32_768 + row);
    case "int32":
      return String(2_147_483_647 - row);
    case "int64":
      return String(9_007_199_254_740_993n + BigInt(row));
    case "decimal":
      return `${row + 1}2345678901234567890.1234567890123456789`;
    case "float32":
    case "float64":
      return String(row + 0.5);
    case "text":
    case "other":
      return `${row} it's "é" 😀`;
    case "json":
      return `{"row": ${row}}`;
    case "bytes":
      return `\\x00ff${(row % 256).toString(16).padStart(2, "0")}`;
    case "date":
      return "2024-02-29";
    case "time":
      return "23:59:59.123456";
    case "timestamp":
      return "2024-02-29 23:59:59.123456";
    case "timestamptz":
      return "2024-02-29 23:59:59.123456+00";
    case "uuid":
      return `00000000-0000-4000-8000-${row.toString(16).padStart(12, "0")}`;
  }
}

function column(name: string, type: ColumnType): Column {
  return { name, type, nullable: true, key: false };
}

function key(name: string, type: ColumnType): Column {
  return { name, type, nullable: false, key: true };
}
