// Logical types as declared types whose affinity keeps every value whole, and the table that a load creates
// where there is none.

import { Column, columns, ColumnType, keyColumns, list } from "@snakepipe/kit";

/** The table, unless it is there. */
export function createTable(): string {
  const key = keyColumns().length > 0 ? ", PRIMARY KEY ({keys})" : "";
  return "CREATE TABLE IF NOT EXISTS {table} (" + list(columns(), definition) + key + ")";
}

function definition(column: Column): string {
  return column.slot + " " + nativeType(column.type) + (column.isNullable ? "" : " NOT NULL");
}

/**
 * Two words say both what the column means, for whoever reads the table later, and by the second
 * one how SQLite keeps it. As text, decimals keep every digit; NUMERIC would make doubles of them.
 */
function nativeType(type: ColumnType): string {
  switch (type) {
    case ColumnType.Boolean:
      return "BOOLEAN INTEGER";
    case ColumnType.Int16:
    case ColumnType.Int32:
    case ColumnType.Int64:
      return "INTEGER";
    case ColumnType.Decimal:
      return "DECIMAL TEXT";
    case ColumnType.Float32:
    case ColumnType.Float64:
      return "REAL";
    case ColumnType.Json:
      return "JSON TEXT";
    case ColumnType.Bytes:
      return "BLOB";
    case ColumnType.Date:
      return "DATE TEXT";
    case ColumnType.Time:
      return "TIME TEXT";
    case ColumnType.Timestamp:
      return "TIMESTAMP TEXT";
    case ColumnType.TimestampTz:
      return "TIMESTAMPTZ TEXT";
    case ColumnType.Uuid:
      return "UUID TEXT";
    default:
      return "TEXT";
  }
}
