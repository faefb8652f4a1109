/** Shapes that every plugin should be able to plan for. */
import type { Column, Shape, WriteMode } from "../../../src/model/batch.ts";
import { COLUMN_TYPES, type ColumnType } from "../../../src/model/column_type.ts";

/** The sample that has a column of every type. */
export const WIDEST_SAMPLE = "every type";

/** Columns by what is particular about them. */
export const SAMPLE_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
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
  [WIDEST_SAMPLE]: [
    key("id", "int64"),
    ...COLUMN_TYPES.map((type) => column(`of_${type}`, type)),
    ...COLUMN_TYPES.map((type) => ({ ...column(`must_${type}`, type), nullable: false })),
  ],
};

/** A shape of these columns, in a table whose name has to be quoted. */
export function sampleShape(columns: readonly Column[], mode: WriteMode): Shape {
  return { table: { name: 'ta"ble' }, columns, mode };
}

function column(name: string, type: ColumnType): Column {
  return { name, type, nullable: true, key: false };
}

function key(name: string, type: ColumnType): Column {
  return { name, type, nullable: false, key: true };
}
