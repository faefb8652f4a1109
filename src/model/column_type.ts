/**
 * The closed set of logical column types. Logical to native is the plugin's business (it writes the
 * DDL); native to logical is the driver's (it reads the live table).
 *
 * The position in this list is the number that plugins see: append only, never reorder.
 */
export const COLUMN_TYPES = [
  "boolean",
  "int16",
  "int32",
  "int64",
  "decimal",
  "float32",
  "float64",
  "text",
  "json",
  "bytes",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "uuid",
  "other",
] as const;

/** A logical column type, the same for every database. */
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** The number that the ABI uses for a column type: its position in {@linkcode COLUMN_TYPES}. */
export function columnTypeNumber(type: ColumnType): number {
  return COLUMN_TYPES.indexOf(type);
}
