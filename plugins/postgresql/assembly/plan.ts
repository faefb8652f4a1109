// The plans for PostgreSQL's SQL.
//
// OVERRIDING SYSTEM VALUE: a column that is GENERATED ALWAYS AS IDENTITY takes what rows say, as it
// does of rows that go straight into the table. Elsewhere it means nothing.

import { Column, columnCount, ColumnType, Dialect, setting, sql, updates } from "@snakepipe/kit";

/** Of one statement; the protocol counts them in 16 bits, and its client keeps two for itself. */
export const PARAMETERS_MAX: i32 = 65533;

/**
 * A COPY with its transaction costs 9 ms beside its rows: of 10,000 rows they cost 6 % more than of
 * 50,000, and those 2 to 6 % more than of 70,000, which are 16 MiB.
 */
const BATCH_ROWS: i32 = 100000;
const BATCH_BYTES: i32 = 16 * 1024 * 1024;
/** Rows travel by COPY, unless the driver is told otherwise. */
const ROWS_PER_STATEMENT: i32 = 1000;

export function write_batch(): i32 {
  return new Postgresql(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

class Postgresql extends Dialect {
  typeOf(column: Column): string {
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

  /**
   * A copy of the target's columns without its constraints takes the rows; of rows with one key the
   * last one is merged. `LIKE` would bring the NOT NULL of columns that are not loaded.
   */
  upsert(): i32 {
    sql.stage("DROP TABLE IF EXISTS {staging}");
    sql.stage(
      "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS " +
        "SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
    );
    sql.merge(
      "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE " +
        "SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC " +
        "ON CONFLICT ({keys}) DO UPDATE SET " + updates((column) => "EXCLUDED." + column.slot),
    );
    return this.insert("{staging} ({columns}, {ordinal})", "({values}, {ordinal})");
  }

  /**
   * The table beside the target is unlogged: it spares the write-ahead log one copy of every row, and if
   * the server crashes it comes back empty, so that the count does not match and the target stays as
   * it was. What stays with the target are its foreign keys, too.
   */
  replace(): i32 {
    sql.prepare("CREATE UNLOGGED TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA");
    sql.finish("TRUNCATE TABLE {table}");
    sql.finish("INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {aside}");
    return this.insert("{aside} ({columns})");
  }

  /** Where rows are staged, with the ordinal. */
  parametersOfRow(): i32 {
    return columnCount() + 1;
  }
}
