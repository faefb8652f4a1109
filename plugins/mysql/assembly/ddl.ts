// Logical types in MySQL's words, and the table that a load creates where there is none.

import { Column, columns, ColumnType, keyColumns, list } from "@snakepipe/kit";

/** Bytes that the texts and bytes of a key share; InnoDB takes 3,072 for a whole key. */
const KEY_BYTES: i32 = 3000;

/** The share of each column of the key that needs a length; counted once a table. */
let keyBytes: i32 = 0;

/** The table, unless it is there. Texts compare letter by letter: 'a' and 'A' are two keys. */
export function createTable(): string {
  keyBytes = shareOf(keyColumns());
  const key = keyColumns().length > 0 ? ", PRIMARY KEY ({keys})" : "";
  return "CREATE TABLE IF NOT EXISTS {table} (" + list(columns(), definition) + key +
    ") ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
}

function definition(column: Column): string {
  return column.slot + " " + nativeType(column) + (column.isNullable ? "" : " NOT NULL");
}

function nativeType(column: Column): string {
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
      return column.isKey ? "VARBINARY(" + keyBytes.toString() + ")" : "LONGBLOB";
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
      return column.isKey ? "VARCHAR(" + (keyBytes / 4).toString() + ")" : "LONGTEXT";
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
