// The plans: the table that a load creates where there is none, an append and a replace, which the kit's
// Dialect has; what differs in this database stands here.

import { Column, ColumnType, Dialect, keyColumns } from "@snakepipe/kit";
import { upsert } from "./upsert";

/** Bound parameters of one statement. */
export const PARAMETERS_MAX: i32 = 65535;

// CHANGE 4 of 6: the batch that suits the database, in rows and bytes; rows of one statement; its types.
const BATCH_ROWS: i32 = 100000;
const BATCH_BYTES: i32 = 16 * 1024 * 1024;
const ROWS_PER_STATEMENT: i32 = 1000;
/** Bytes that the texts and bytes of a key share; InnoDB takes 3,072 for a whole key. */
const KEY_BYTES: i32 = 3000;

export function write_batch(): i32 {
  return new Plans(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

class Plans extends Dialect {
  /** The share of each column of the key that needs a length. */
  private keyBytes: i32 = shareOf(keyColumns());

  typeOf(column: Column): string {
    switch (column.type) {
      case ColumnType.Boolean:
        return "TINYINT(1)";
      case ColumnType.Int16:
        return "SMALLINT";
      case ColumnType.Int32:
        return "INT";
      case ColumnType.Int64:
        return "BIGINT";
      case ColumnType.Decimal:
        return "DECIMAL(65, 30)";
      case ColumnType.Float32:
        return "FLOAT";
      case ColumnType.Float64:
        return "DOUBLE";
      case ColumnType.Json:
        return "JSON";
      case ColumnType.Bytes:
        return column.isKey ? "VARBINARY(" + this.keyBytes.toString() + ")" : "LONGBLOB";
      case ColumnType.Date:
        return "DATE";
      case ColumnType.Time:
        return "TIME(6)";
      case ColumnType.Timestamp:
      case ColumnType.TimestampTz:
        return "DATETIME(6)";
      case ColumnType.Uuid:
        return "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin";
      // A text without a length cannot be a key.
      default:
        return column.isKey ? "VARCHAR(" + (this.keyBytes / 4).toString() + ")" : "LONGTEXT";
    }
  }

  /** Behind the columns of a table that is created: texts compare letter by letter. */
  tableOptions(): string {
    return " ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
  }

  upsert(): i32 {
    return upsert(this);
  }
}

function shareOf(keys: Column[]): i32 {
  let sized = 0;
  for (let i = 0; i < keys.length; i++) {
    const type = keys[i].type;
    if (type == ColumnType.Bytes || type == ColumnType.Text || type == ColumnType.Other) sized++;
  }
  return (KEY_BYTES - 36 * (keys.length - sized)) / max(1, sized);
}
