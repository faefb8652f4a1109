/** Names and types as Postgres writes them. */
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { NulRule } from "../../../src/model/nul_rule.ts";
import type { CellRules } from "../../codec/codec.ts";
import type { SqlWords } from "../sql/words.ts";

/** NAMEDATALEN - 1. A longer identifier would be cut in silence. */
export const IDENTIFIER_BYTES_MAX = 63;

/** Neither text nor jsonb take U+0000; floats take NaN, and what the server prints comes back. */
export function cellRules(nul: NulRule = "reject"): CellRules {
  return { nul, nan: true, wide: true };
}

/** An identifier in quotes: every letter stands for itself. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What PostgreSQL calls things. */
export const POSTGRES_WORDS: SqlWords = {
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  // The library refuses a statement with more; PostgreSQL's own bound is 65,535.
  parametersMax: 65_533,
  quote: quoteName,
  foldCase: (name) => name,
  placeholder: (number) => `$${number}`,
  temporarySchema: "pg_temp",
  // What DELETE leaves behind is read again by every merge that follows.
  emptied: (table) => `TRUNCATE ${table}`,
  commitEmptiesStaging: true,
  comparesStaged: true,
  types: {
    id: "uuid",
    integer: "bigint",
    text: "text",
    name: "text",
    key: "text",
    json: "jsonb",
    bytes: "bytea",
    time: "timestamptz",
  },
  // "snakepip" in ASCII.
  lock: "SELECT pg_catalog.pg_advisory_xact_lock(8317692675691145584)",
  columnsOf: "SELECT attname FROM pg_catalog.pg_attribute " +
    "WHERE attrelid = pg_catalog.to_regclass($1) AND attnum > 0 AND NOT attisdropped",
  now: "now()",
  forUpdate: "FOR UPDATE",
  ledgers: "SELECT n.nspname FROM pg_catalog.pg_class c " +
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace " +
    "WHERE c.relname = '_snakepipe_load' AND c.relkind IN ('r', 'p') " +
    "AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') " +
    "AND pg_catalog.has_table_privilege(c.oid, 'SELECT') ORDER BY 1",
  timeText: (expression) =>
    `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  hex: (expression) => `encode(${expression}, 'hex')`,
};

const LOGICAL: Readonly<Record<string, ColumnType>> = {
  bool: "boolean",
  int2: "int16",
  int4: "int32",
  int8: "int64",
  numeric: "decimal",
  float4: "float32",
  float8: "float64",
  text: "text",
  varchar: "text",
  bpchar: "text",
  json: "json",
  jsonb: "json",
  bytea: "bytes",
  date: "date",
  time: "time",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  uuid: "uuid",
};

/** The logical type of a base type of pg_catalog; `other` for every other one. */
export function logicalType(typname: string): ColumnType {
  return LOGICAL[typname] ?? "other";
}
