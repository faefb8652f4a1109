// The plans: the table that a load creates where there is none, an append and a replace, which the kit's
// Dialect has; what differs in this database stands here.

import { Column, columnCount, ColumnType, Dialect, setting, sql } from "@snakepipe/kit";
import { upsert } from "./upsert";

/** Bound parameters of one statement. */
export const PARAMETERS_MAX: i32 = 65533;

// CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of one statement; its types.
const BATCH_ROWS: i32 = 100000;
const BATCH_BYTES: i32 = 16 * 1024 * 1024;
const ROWS_PER_STATEMENT: i32 = 1000;

export function write_batch(): i32 {
  return new Plans(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

class Plans extends Dialect {
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

  upsert(): i32 {
    return upsert(this);
  }

  /** Rows gather in an unlogged table beside the target, and are moved in one transaction. */
  replace(): i32 {
    sql.prepare("CREATE UNLOGGED TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA");
    sql.finish("TRUNCATE TABLE {table}");
    sql.finish("INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {aside}");
    return this.insert("{aside} ({columns})");
  }

  /** Where rows are staged, with their number. */
  parametersOfRow(): i32 {
    return columnCount() + 1;
  }
}
