// The plans for SQLite's SQL.

import { Column, ColumnType, Dialect, updates } from "@snakepipe/kit";

/** SQLITE_MAX_VARIABLE_NUMBER, as SQLite is built by default. */
export const PARAMETERS_MAX: i32 = 32766;

// A transaction more costs 0.4 ms here, and a batch that is smaller by 8 MB saves three times that.
const BATCH_ROWS: i32 = 20000;
const BATCH_BYTES: i32 = 8 * 1024 * 1024;
/** Of 100, each costs a tenth more. */
const ROWS_PER_STATEMENT: i32 = 30;

export function write_batch(): i32 {
  return new Libsql(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

class Libsql extends Dialect {
  /**
   * Two words say both what the column means, for whoever reads the table later, and by the second
   * one how SQLite keeps it. As text, decimals keep every digit; NUMERIC would make doubles of them.
   */
  typeOf(column: Column): string {
    switch (column.type) {
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

  /** SQLite takes the rows of a statement one after the other: of rows with one key the last stays. */
  upsert(): i32 {
    const set = updates((column) => "excluded." + column.slot);
    return this.insert("{table} ({columns})", "({values})", " ON CONFLICT ({keys}) DO UPDATE SET " + set);
  }
}
