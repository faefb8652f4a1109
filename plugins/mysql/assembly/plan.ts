// The plans for MySQL's and MariaDB's SQL.

import { Column, ColumnType, Dialect, keyColumns, updates } from "@snakepipe/kit";

/** Values of one statement. */
export const PARAMETERS_MAX: i32 = 65535;

/** A transaction costs 25 ms beside its rows: those of 4 MiB made a million rows take a tenth longer. */
const BATCH_ROWS: i32 = 100000;
const BATCH_BYTES: i32 = 16 * 1024 * 1024;
const ROWS_PER_STATEMENT: i32 = 1000;

/** Bytes that the texts and bytes of a key share; InnoDB takes 3,072 for a whole key. */
const KEY_BYTES: i32 = 3000;

export function write_batch(): i32 {
  return new Mysql(BATCH_ROWS, BATCH_BYTES, PARAMETERS_MAX, ROWS_PER_STATEMENT).plan();
}

/** A replace goes by DELETE, as everywhere: it can be undone where TRUNCATE commits. */
class Mysql extends Dialect {
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
      // As many digits as there are, before the point and behind it.
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
      // Instants are kept in UTC: TIMESTAMP ends in 2038.
      case ColumnType.Timestamp:
      case ColumnType.TimestampTz:
        return "DATETIME(6)";
      // MySQL has no type for them.
      case ColumnType.Uuid:
        return "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin";
      // A text without a length cannot be a key.
      default:
        return column.isKey ? "VARCHAR(" + (this.keyBytes / 4).toString() + ")" : "LONGTEXT";
    }
  }

  /** Texts compare letter by letter: 'a' and 'A' are two keys. */
  tableOptions(): string {
    return " ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
  }

  /** MySQL takes the rows of a statement one after the other: of rows with one key the last stays. */
  upsert(): i32 {
    const set = updates((column) => "VALUES(" + column.slot + ")");
    return this.insert("{table} ({columns})", "({values})", " ON DUPLICATE KEY UPDATE " + set);
  }
}

function shareOf(keys: Column[]): i32 {
  let sized = 0;
  for (let i = 0; i < keys.length; i++) {
    const type = keys[i].type;
    if (type == ColumnType.Bytes || type == ColumnType.Text || type == ColumnType.Other) sized++;
  }
  // Sixteen columns make a key at the most; those of a fixed length have 36 bytes at the most.
  return (KEY_BYTES - 36 * (keys.length - sized)) / max(1, sized);
}
