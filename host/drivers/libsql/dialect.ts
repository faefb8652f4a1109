/** libSQL's SQL: how names are quoted, slots filled, and declared types read. */
import { createHash } from "node:crypto";
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import type { Shape, TableName } from "../../../src/batch.ts";
import type { ColumnType } from "../../../src/column_type.ts";
import { LoadError } from "../../../src/errors.ts";
import {
  HOST_NAME_PREFIX,
  parseTemplate,
  renderTemplate,
  type SlotNames,
  type Template,
} from "../../../src/policy/slot.ts";
import { insertRowsMax } from "../insert_rows.ts";
import type { SqlWords } from "../sql/words.ts";

/** Bytes of an identifier. The database has no limit of its own; it is here for the plans' sake. */
export const IDENTIFIER_BYTES_MAX = 1_024;

/** SQLITE_MAX_VARIABLE_NUMBER of the native build and of the server. */
export const PARAMETERS_MAX = 32_766;

const STAGING_NAME = `${HOST_NAME_PREFIX}staging`;

/** The staging table of a connection, a temporary one. */
export const STAGING = quote(STAGING_NAME);

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
  commitEmptiesStaging: false,
  types: {
    id: "TEXT",
    integer: "INTEGER",
    text: "TEXT",
    json: "TEXT",
    bytes: "BLOB",
    time: "TEXT",
  },
  tableOptions: "STRICT, WITHOUT ROWID",
  now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
  // The transaction holds the write lock.
  forUpdate: "",
  hex: (expression) => `hex(${expression})`,
};

/** What the slots of a plan for this shape are filled with. */
export function slotNames(shape: Shape, loadId: string): SlotNames {
  const { name } = shape.table;
  return {
    table: qualified(shape.table, name),
    tableName: quote(name),
    staging: STAGING,
    aside: asideTable(shape.table, loadId),
    ordinal: quote(`${HOST_NAME_PREFIX}ordinal`),
    columns: shape.columns.map((c) => quote(c.name)),
    keys: shape.columns.filter((c) => c.key).map((c) => quote(c.name)),
  };
}

function qualified(table: TableName, name: string): string {
  return table.schema === undefined ? quote(name) : `${quote(table.schema)}.${quote(name)}`;
}

/** The table that one replace is loaded into. */
export function asideTable(table: TableName, loadId: string): string {
  return qualified(table, asideName(table.name, loadId));
}

/** The same for every spelling of a name that the database takes for the same table. */
export function asideName(name: string, loadId: string): string {
  const hash = createHash("sha256").update(foldCase(name)).digest("hex").slice(0, 12);
  return `${HOST_NAME_PREFIX}aside_${hash}_${loadId.slice(0, 8)}`;
}

/** The table that a plan's INSERT goes into, by its own name and its schema's. */
export function insertTarget(
  { table: { name } }: Shape,
  { sql, loadId }: { readonly sql: string; readonly loadId: string },
): { schema: string; name: string } {
  if (sql.includes("{staging}")) return { schema: "temp", name: STAGING_NAME };
  return { schema: "main", name: sql.includes("{aside}") ? asideName(name, loadId) : name };
}

/** SQLite folds ASCII letters alone. */
export function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * Refuses names that mean something else to this database than they seem to.
 *
 * @throws {LoadError} `name_refused`
 */
export function checkShape(shape: Shape): void {
  checkTable(shape.table);
  const seen = new Map<string, string>();
  for (const { name } of shape.columns) {
    const twin = seen.get(foldCase(name));
    if (twin !== undefined) {
      throw refused(
        `Columns ${JSON.stringify(twin)} and ${JSON.stringify(name)} are the same to libSQL, ` +
          "which ignores upper and lower case",
      );
    }
    seen.set(foldCase(name), name);
  }
}

/** The part of {@linkcode checkShape} that is about the table. @throws {LoadError} `name_refused` */
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

/** Fills a statement of a plan that binds nothing. @throws {LoadError} `plan_refused` */
export function render(sql: string, names: SlotNames): string {
  return renderTemplate(parseTemplate(sql, names.columns.length), names);
}

/** An INSERT of any number of rows. */
export interface InsertText {
  /** Rows of one statement at the most. */
  readonly rowsMax: number;
  /** Values of one row. */
  readonly width: number;
  /** The statement for so many rows. Values are bound in the order of the shape, row after row. */
  text(rows: number): string;
}

/** Prepares the text of a plan's INSERT. @throws {LoadError} `plan_refused` */
export function insertText(write: PlannedWrite, names: SlotNames): InsertText {
  if (write.kind !== "insert") {
    throw new LoadError(`Plan of a libSQL table writes by ${write.kind}, which libSQL has not`, {
      code: "plan_refused",
      blame: "plugin",
    });
  }
  const width = names.columns.length;
  const statement = parseTemplate(write.sql, width);
  const row = parseTemplate(write.row, width);
  const texts = new Map<number, string>();
  const numbered = !namesEachInOrder(row, width);
  const make = (rows: number): string => {
    const lines = Array.from({ length: rows }, (_, r) => {
      const placeholder = (c: number): string => numbered ? `?${r * width + c + 1}` : "?";
      return renderTemplate(row, names, { placeholder });
    });
    return renderTemplate(statement, names, { rows: lines.join(", ") });
  };
  return {
    width,
    rowsMax: insertRowsMax(write, { parametersMax: PARAMETERS_MAX, parametersOfRow: width }),
    text(rows) {
      const known = texts.get(rows);
      if (known !== undefined) return known;
      const text = make(rows);
      if (texts.size < 16) texts.set(rows, text);
      return text;
    },
  };
}

/**
 * Whether a row names every column once and in the order of the shape. Only others need numbered
 * parameters, which SQLite looks up one by one: 32,000 of them take 2 s to prepare.
 */
function namesEachInOrder(row: Template, width: number): boolean {
  const named = row.flatMap((piece) => {
    if (typeof piece === "string") return [];
    return piece.kind === "value" ? [piece.column] : Array.from({ length: width }, (_, i) => i);
  });
  return named.length === width && named.every((column, i) => column === i);
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
