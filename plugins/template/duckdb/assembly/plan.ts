// The plans: the table that a load creates where there is none, an append and a replace, which the kit's
// Dialect has; what differs in this database stands here.

import { Column, columnCount, ColumnType, Dialect, setting } from "@snakepipe/kit";
import { upsert } from "./upsert";

/** Bound parameters of one statement. */
export const PARAMETERS_MAX: i32 = 65535;

// CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of one statement; its types.
const BATCH_ROWS: i32 = 122880;
const BATCH_BYTES: i32 = 32 * 1024 * 1024;
const ROWS_PER_STATEMENT: i32 = 100;

export function write_batch(): i32 {
  return new Plans(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

class Plans extends Dialect {
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

  upsert(): i32 {
    return upsert(this);
  }

  /** What makes a table of no rows from a SELECT. */
  noRows(): string {
    return "WITH NO DATA";
  }

  /** Where rows are staged, with their number. */
  parametersOfRow(): i32 {
    return columnCount() + 1;
  }
}
