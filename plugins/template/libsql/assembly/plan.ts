// The plans: the table that a load creates where there is none, an append and a replace, which the kit's
// Dialect has; what differs in this database stands here.

import { Column, ColumnType, Dialect } from "@snakepipe/kit";
import { upsert } from "./upsert";

/** Bound parameters of one statement. */
export const PARAMETERS_MAX: i32 = 32766;

// CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of one statement; its types.
const BATCH_ROWS: i32 = 20000;
const BATCH_BYTES: i32 = 8 * 1024 * 1024;
const ROWS_PER_STATEMENT: i32 = 30;

export function write_batch(): i32 {
  return new Plans(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

class Plans extends Dialect {
  /** Two words: what the column means, and by the second one how SQLite keeps it. */
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

  upsert(): i32 {
    return upsert(this);
  }
}
