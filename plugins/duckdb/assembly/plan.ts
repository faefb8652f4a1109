// The plans for DuckDB's SQL.

import { Column, columnCount, ColumnType, Dialect, setting, sql, updates } from "@snakepipe/kit";

/** The binary protocol counts parameters in 16 bits. */
export const PARAMETERS_MAX: i32 = 65535;

/** A whole group of DuckDB's rows goes into the file at once; others into the log first. */
const BATCH_ROWS: i32 = 122880;
const BATCH_BYTES: i32 = 32 * 1024 * 1024;
/** Where rows go by statements. */
const ROWS_PER_STATEMENT: i32 = 100;

export function write_batch(): i32 {
  return new Duckdb(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

class Duckdb extends Dialect {
  typeOf(column: Column): string {
    switch (column.type) {
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

  /** Of rows of one statement with one key, DuckDB keeps the first: the last one staged is merged. */
  upsert(): i32 {
    sql.stage("DROP TABLE IF EXISTS {staging}");
    sql.stage(
      "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} " +
        "FROM {table} WITH NO DATA",
    );
    sql.merge(
      "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
        "ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET " +
        updates((column) => "EXCLUDED." + column.slot),
    );
    return this.insert("{staging} ({columns}, {ordinal})", "({values}, {ordinal})");
  }

  noRows(): string {
    return "WITH NO DATA";
  }

  /** Where rows are staged, with the ordinal. */
  parametersOfRow(): i32 {
    return columnCount() + 1;
  }
}
