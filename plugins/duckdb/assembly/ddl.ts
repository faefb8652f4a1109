// Logical types in DuckDB's words, and the table that a load creates where there is none.

import { Column, columns, ColumnType, keyColumns, list, setting } from "@snakepipe/kit";

/** The table, unless it is there. */
export function createTable(): string {
  const key = keyColumns().length > 0 ? ", PRIMARY KEY ({keys})" : "";
  return "CREATE TABLE IF NOT EXISTS {table} (" + list(columns(), definition) + key + ")";
}

function definition(column: Column): string {
  return column.slot + " " + nativeType(column.type) + (column.isNullable ? "" : " NOT NULL");
}

function nativeType(type: ColumnType): string {
  switch (type) {
    case ColumnType.Boolean:
      return "BOOLEAN";
    case ColumnType.Int16:
      return "SMALLINT";
    case ColumnType.Int32:
      return "INTEGER";
    case ColumnType.Int64:
      return "BIGINT";
    case ColumnType.Decimal:
      return "DECIMAL(38, " + setting.integer("decimalScale").toString() + ")";
    case ColumnType.Float32:
      return "FLOAT";
    case ColumnType.Float64:
      return "DOUBLE";
    case ColumnType.Json:
      return "JSON";
    case ColumnType.Bytes:
      return "BLOB";
    case ColumnType.Date:
      return "DATE";
    case ColumnType.Time:
      return "TIME";
    case ColumnType.Timestamp:
      return "TIMESTAMP";
    case ColumnType.TimestampTz:
      return "TIMESTAMPTZ";
    case ColumnType.Uuid:
      return "UUID";
    default:
      return "VARCHAR";
  }
}
