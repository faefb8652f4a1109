/** Names and types as Postgres writes them, and the filling of a plan's slots with them. */
import type { ColumnType } from "../../../src/column_type.ts";
import { LoadError } from "../../../src/errors.ts";
import type { NulRule } from "../../../src/nul_rule.ts";
import { parseTemplate, renderTemplate, type SlotNames } from "../../../src/policy/slot.ts";
import type { CellRules, CopyFormat } from "../../codec/codec.ts";
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
  tableOptions: "",
  // "snakepip" in ASCII.
  lock: "SELECT pg_catalog.pg_advisory_xact_lock(8317692675691145584)",
  columnsOf: "SELECT attname FROM pg_catalog.pg_attribute " +
    "WHERE attrelid = pg_catalog.to_regclass($1) AND attnum > 0 AND NOT attisdropped",
  newKey: ({ quoted, name }, columns) => [
    `ALTER TABLE ${quoted} DROP CONSTRAINT ${
      quoteName(`${name}_pkey`)
    }, ADD PRIMARY KEY (${columns})`,
  ],
  now: "now()",
  forUpdate: "FOR UPDATE",
  hex: (expression) => `encode(${expression}, 'hex')`,
};

/**
 * A plan's COPY with its slots filled, for rows in that format. COPY goes by the simple protocol,
 * which would run a second statement too: what the plan itself writes may neither end a statement
 * nor open a quote or a comment, in which a quoted name could begin to mean something else.
 *
 * @throws {LoadError} `plan_refused`
 */
export function renderCopy(
  text: string,
  names: SlotNames,
  format: CopyFormat = "text",
): string {
  const template = parseTemplate(text, names.columns.length);
  const forbidden = template.some((piece) =>
    typeof piece === "string" && /[;"'$\\\0]|--|\/\*/.test(piece)
  );
  if (forbidden || !/^\s*COPY\s/i.test(text)) {
    throw new LoadError(
      `Statement of a plan is not one plain COPY without quotes and comments: ${
        text.slice(0, 200)
      }`,
      { code: "plan_refused", blame: "plugin" },
    );
  }
  return renderTemplate(template, names, { format });
}

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
