/** DuckDB's SQL: how names are quoted, and its types read. */
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { SqlWords } from "../sql/words.ts";

/** Bytes of an identifier. The database has no limit of its own; it is here for the plans' sake. */
export const IDENTIFIER_BYTES_MAX = 1_024;

/** What DuckDB calls things. */
export const DUCKDB_WORDS: SqlWords = {
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  parametersMax: 65_535,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  foldCase: (name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  placeholder: () => "?",
  temporarySchema: "temp",
  comparesStaged: true,
  types: {
    id: "VARCHAR",
    integer: "BIGINT",
    text: "VARCHAR",
    name: "VARCHAR",
    key: "VARCHAR",
    json: "VARCHAR",
    bytes: "BLOB",
    time: "TIMESTAMPTZ",
  },
  references: false,
  returning: false,
  savepoints: false,
  columnsOf: `SELECT column_name FROM duckdb_columns() WHERE database_name = current_database()
AND '"' || replace(schema_name, '"', '""') || '"."' || table_name || '"' = ?`,
  now: "now()",
  ledgers: `SELECT schema_name FROM duckdb_tables() WHERE database_name = current_database()
AND table_name = '_snakepipe_load' AND NOT internal ORDER BY schema_name`,
  timeText: (expression) => `strftime(timezone('UTC', ${expression}), '%Y-%m-%dT%H:%M:%S.%gZ')`,
  hex: (expression) => `hex(${expression})`,
};

const TYPES: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: "boolean",
  TINYINT: "int16",
  UTINYINT: "int16",
  SMALLINT: "int16",
  USMALLINT: "int32",
  INTEGER: "int32",
  UINTEGER: "int64",
  BIGINT: "int64",
  UBIGINT: "decimal",
  HUGEINT: "decimal",
  UHUGEINT: "decimal",
  BIGNUM: "decimal",
  FLOAT: "float32",
  DOUBLE: "float64",
  VARCHAR: "text",
  JSON: "json",
  BLOB: "bytes",
  DATE: "date",
  TIME: "time",
  TIMESTAMP: "timestamp",
  TIMESTAMP_S: "timestamp",
  TIMESTAMP_MS: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamptz",
  UUID: "uuid",
};

/** The logical type of a column, by its type as the catalogue writes it. */
export function columnTypeOf(declared: string): ColumnType {
  if (/^DECIMAL\(\d+,\d+\)$/.test(declared)) return "decimal";
  return Object.hasOwn(TYPES, declared) ? TYPES[declared]! : "other";
}

/** Whether a type holds other values: what a text of it means, DuckDB decides with rules of its own. */
export function isNested(declared: string): boolean {
  return /\]$|^(STRUCT|MAP|UNION|VARIANT|GEOMETRY)\b/.test(declared);
}
