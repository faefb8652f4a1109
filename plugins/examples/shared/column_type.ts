// What columns are called in PostgreSQL, and in databases that speak its protocol.

import { Column, ColumnType } from "@snakepipe/kit";

export function usualType(column: Column): string {
  switch (column.type) {
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
      return "jsonb";
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
