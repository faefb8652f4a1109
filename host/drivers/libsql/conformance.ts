/** What the conformance suite has to know of SQLite files and libSQL servers. */
import type { FamilyConformance } from "../family_conformance.ts";
import { LIBSQL_WORDS } from "./names_and_types.ts";

/** See {@linkcode FamilyConformance}. */
export const LIBSQL_CONFORMANCE: FamilyConformance = {
  database: "SQLite, libSQL",
  product: {
    query: "SELECT sqlite_version() AS version",
    nameOf: (text) => `SQLite ${text}`,
  },
  words: {
    types: {
      boolean: "BOOLEAN INTEGER",
      int16: "INTEGER",
      int32: "INTEGER",
      int64: "INTEGER",
      decimal: "DECIMAL TEXT",
      float32: "REAL",
      float64: "REAL",
      text: "TEXT",
      json: "JSON TEXT",
      bytes: "BLOB",
      date: "DATE TEXT",
      time: "TIME TEXT",
      timestamp: "TIMESTAMP TEXT",
      timestamptz: "TIMESTAMPTZ TEXT",
      uuid: "UUID TEXT",
    },
    integer: "INTEGER",
    keyText: "TEXT",
    quote: LIBSQL_WORDS.quote,
    textOf: (expression) => `cast(${expression} as text)`,
    hexOf: (expression) =>
      `CASE WHEN ${expression} IS NOT NULL THEN lower(hex(cast(${expression} AS blob))) END`,
    hexOfBytes: (expression) =>
      `CASE WHEN ${expression} IS NOT NULL THEN lower(hex(${expression})) END`,
    exactDouble: (expression) =>
      `CASE WHEN ${expression} IS NOT NULL THEN printf('%!.17g', ${expression}) END`,
    instantOf: (expression) => expression,
    tables:
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    looseText: { type: "TEXT COLLATE NOCASE" },
    identity: "INTEGER PRIMARY KEY",
    generated: (expression) => `INTEGER GENERATED ALWAYS AS (${expression}) STORED`,
    trigger: (table, into) => [
      `CREATE TRIGGER added AFTER INSERT ON ${table} BEGIN INSERT INTO ${into} VALUES (new.id); END`,
    ],
    guard: (table) => [
      `CREATE TRIGGER guarded BEFORE INSERT ON ${table} WHEN new.id = 13 ` +
      "BEGIN SELECT raise(ABORT, 'refused'); END",
    ],
  },
  quirks: {
    "types: timestamptz: elsewhere": {
      is: { read: "2024-02-29T12:30:00+05:30" },
      why: "An instant is a text, which stays as it was spelt",
    },
    "types: uuid: capitals": {
      is: { read: "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11" },
      why: "A UUID is a text, which stays as it was spelt",
    },
    "types: float64: NaN": {
      is: { refused: "type" },
      why: "SQLite keeps no NaN: such a row is rejected",
    },
  },
};
