/** Plans as text: their statements with the slots filled, and values that can stand in the columns. */
import type { Shape } from "../../src/model/batch.ts";
import { parseTemplate, renderTemplate, type SlotFilling } from "../../src/plan_policy/slot.ts";
import type { ColumnType } from "../../src/model/column_type.ts";

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
