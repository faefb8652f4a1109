// Logical types as PostgreSQL's own, and the table that a load creates where there is none.

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
      return "boolean";
    case ColumnType.Int16:
      return "smallint";
    case ColumnType.Int32:
      return "integer";
    case ColumnType.Int64:
      return "bigint";
    case ColumnType.Decimal:
      return "numeric";
    case ColumnType.Float32:
      return "real";
    case ColumnType.Float64:
      return "double precision";
    case ColumnType.Json:
      return setting.text("jsonType");
    case ColumnType.Bytes:
      return "bytea";
    case ColumnType.Date:
      return "date";
    case ColumnType.Time:
      return "time";
    case ColumnType.Timestamp:
      return "timestamp";
    case ColumnType.TimestampTz:
      return "timestamptz";
    case ColumnType.Uuid:
      return "uuid";
    default:
      return "text";
  }
}
