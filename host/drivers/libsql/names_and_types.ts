/** libSQL's SQL: how names are quoted, slots filled, and declared types read. */
import type { Shape, TableName } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { asideName, STAGING_NAME } from "../sql/names.ts";
import type { SqlWords } from "../sql/words.ts";

/** Bytes of an identifier. The database has no limit of its own; it is here for the plans' sake. */
export const IDENTIFIER_BYTES_MAX = 1_024;

/** SQLITE_MAX_VARIABLE_NUMBER of the native build and of the server. */
export const PARAMETERS_MAX = 32_766;

/** A name as an identifier. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What SQLite calls things. */
export const LIBSQL_WORDS: SqlWords = {
  identifierBytesMax: IDENTIFIER_BYTES_MAX,
  parametersMax: PARAMETERS_MAX,
  quote,
  foldCase,
  placeholder: () => "?",
  temporarySchema: "temp",
  types: {
    id: "TEXT",
    integer: "INTEGER",
    text: "TEXT",
    name: "TEXT",
    key: "TEXT",
    json: "TEXT",
    bytes: "BLOB",
    time: "TEXT",
  },
  tableOptions: "STRICT, WITHOUT ROWID",
  now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
  columnsOf: `SELECT name FROM pragma_table_info(trim(?, '"'))`,
  ledgers: "SELECT NULL FROM sqlite_master WHERE type = 'table' AND name = '_snakepipe_load'",
  timeText: (expression) => expression,
  hex: (expression) => `hex(${expression})`,
};

/** The table that a plan's INSERT goes into, by its own name and its schema's. */
export function insertTarget(
  { table: { name } }: Shape,
  { sql, loadId }: { readonly sql: string; readonly loadId: string },
): { schema: string; name: string } {
  if (sql.includes("{staging}")) return { schema: "temp", name: STAGING_NAME };
  return {
    schema: "main",
    name: sql.includes("{aside}") ? asideName(LIBSQL_WORDS, name, loadId) : name,
  };
}

/** SQLite folds ASCII letters alone. */
export function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Refuses a table that means something else here than it seems to. @throws {LoadError} `name_refused` */
export function checkTable(table: TableName): void {
  if (table.schema !== undefined && foldCase(table.schema) !== "main") {
    throw refused(`libSQL has no schema but main: ${JSON.stringify(table.schema)}`);
  }
  if (/^(sqlite|libsql)_/i.test(table.name)) {
    throw refused(`Table name belongs to the database itself: ${JSON.stringify(table.name)}`);
  }
}

function refused(message: string): LoadError {
  return new LoadError(message, { code: "name_refused", blame: "config" });
}

/** Types that a plan may declare with an affinity behind them, as in `DECIMAL TEXT`. */
const LOGICAL: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: "boolean",
  DECIMAL: "decimal",
  JSON: "json",
  DATE: "date",
  TIME: "time",
  TIMESTAMP: "timestamp",
  TIMESTAMPTZ: "timestamptz",
  UUID: "uuid",
};

/**
 * The logical type of a column by its declaration, after SQLite's own rules of affinity
 * (https://sqlite.org/datatype3.html#determination_of_column_affinity).
 *
 * The database does not hold values to their declaration, so neither do we where a stricter reading
 * could refuse what stands in such columns already: a bare DATE or DATETIME is `text`, any integer
 * is `int64`. Two words such as `DATE TEXT` are read as the first, kept with the second's affinity.
 */
export function columnTypeOf(declared: string): ColumnType {
  const words = declared.toUpperCase().replace(/\(.*\)/s, "").trim();
  const pair = /^([A-Z]+) (TEXT|INTEGER)$/.exec(words);
  if (pair && Object.hasOwn(LOGICAL, pair[1]!)) return LOGICAL[pair[1]!]!;
  if (words === "") return "other";
  if (/^BOOL/.test(words)) return "boolean";
  if (/^JSONB?$/.test(words)) return "json";
  if (words === "UUID") return "uuid";
  if (words.includes("INT")) return "int64";
  if (/CHAR|CLOB|TEXT/.test(words)) return "text";
  if (/BLOB|BINARY|BYTEA/.test(words)) return "bytes";
  if (/REAL|FLOA|DOUB/.test(words)) return "float64";
  if (/^(DECIMAL|NUMERIC|NUMBER)/.test(words)) return "decimal";
  if (/DATE|TIME/.test(words)) return "text";
  return "other";
}
