/** What the conformance suite has to know of PostgreSQL. */
import type { FamilyConformance } from "../family_conformance.ts";
import { POSTGRES_WORDS } from "./names_and_types.ts";

const TRIGGER = "RETURNS trigger LANGUAGE plpgsql AS";

/** See {@linkcode FamilyConformance}. */
export const POSTGRES_CONFORMANCE: FamilyConformance = {
  database: "PostgreSQL",
  product: {
    query: "SELECT version() AS version",
    // As `PostgreSQL 18.4 (Debian 18.4-1) on x86_64-pc-linux-gnu, compiled by …`, or another product's name.
    nameOf: (text) => text.split(/ on |,/)[0]!.replace(/ \((?!PGlite)[^)]*\)/, ""),
  },
  words: {
    types: {
      boolean: "boolean",
      int16: "smallint",
      int32: "integer",
      int64: "bigint",
      decimal: "numeric",
      float32: "real",
      float64: "double precision",
      text: "text",
      json: "jsonb",
      bytes: "bytea",
      date: "date",
      time: "time",
      timestamp: "timestamp",
      timestamptz: "timestamptz",
      uuid: "uuid",
    },
    integer: "bigint",
    keyText: "text",
    quote: POSTGRES_WORDS.quote,
    textOf: (expression) => `(${expression})::text`,
    hexOf: (expression) => `encode(convert_to((${expression})::text, 'UTF8'), 'hex')`,
    hexOfBytes: (expression) => `encode(${expression}, 'hex')`,
    exactDouble: (expression) => `(${expression})::text`,
    instantOf: (expression) => `to_json(${expression} AT TIME ZONE 'UTC') #>> '{}'`,
    tables: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname NOT IN " +
      "('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg\\_temp%'",
    looseText: {
      type: "text COLLATE conformance_loose",
      setUp: "CREATE COLLATION IF NOT EXISTS conformance_loose (provider = icu, " +
        "locale = 'und-u-ks-level2', deterministic = false)",
    },
    identity: "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    generated: (expression) => `bigint GENERATED ALWAYS AS (${expression}) STORED`,
    trigger: (table, into) => [
      `CREATE OR REPLACE FUNCTION conformance_added() ${TRIGGER} ` +
      `$$ BEGIN INSERT INTO ${into} VALUES (NEW.id); RETURN NULL; END $$`,
      `CREATE TRIGGER added AFTER INSERT ON ${table} FOR EACH ROW ` +
      "EXECUTE FUNCTION conformance_added()",
    ],
    guard: (table) => [
      `CREATE OR REPLACE FUNCTION conformance_guarded() ${TRIGGER} ` +
      "$$ BEGIN IF NEW.id = 13 THEN RAISE check_violation; END IF; RETURN NEW; END $$",
      `CREATE TRIGGER guarded BEFORE INSERT ON ${table} FOR EACH ROW ` +
      "EXECUTE FUNCTION conformance_guarded()",
    ],
    tearDown: [
      "DROP FUNCTION IF EXISTS conformance_added, conformance_guarded",
      "DROP COLLATION IF EXISTS conformance_loose",
    ],
  },
  quirks: {
    "types: text: U+0000": {
      is: { refused: "encoding" },
      why: "No text has U+0000 in it: such a row is rejected, or repaired by `--nul`",
    },
    "types: json: U+0000": {
      is: { refused: "encoding" },
      why: "No text has U+0000 in it: such a row is rejected, or repaired by `--nul`",
    },
    "names: columns' names that differ in case alone": {
      is: "1 committed; it has the row",
      why: "Names that differ in case are two names",
    },
    "rules: a replace with the rows that others refer to changes nothing of them": {
      is: {
        loads: ["table_refused: …truncates no such table…", "table_refused: …"],
        rows: [["1", "old"], ["2", "old"]],
        other: [["10", "1"]],
      },
      why: "A table that foreign keys refer to cannot be truncated, so no replace is possible",
    },
    "wide tables: 1,600 columns, or as many as a table can have (upsert)": {
      is: "plan_refused: …the table has more columns than the server takes…; it is null",
      why: "An upsert numbers the rows that it stages, so a table may have 1,598 columns",
    },
  },
};
