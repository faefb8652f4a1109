/** What the conformance suite has to know of DuckDB's files. */
import { LACKING } from "../family_conformance.ts";
import type { FamilyConformance } from "../family_conformance.ts";
import { DUCKDB_WORDS } from "./names_and_types.ts";

const DECIMALS =
  "DECIMAL has 38 digits, ten of them behind the point where a load makes the column";

const NO_IDENTITY = { is: LACKING, why: "There are no identity columns" };
const NO_TRIGGERS = { is: LACKING, why: "There are no triggers" };

/** See {@linkcode FamilyConformance}. */
export const DUCKDB_CONFORMANCE: FamilyConformance = {
  database: "DuckDB",
  product: {
    query: "SELECT version() AS version",
    nameOf: (text) => `DuckDB ${text.replace(/^v/, "")}`,
  },
  words: {
    types: {
      boolean: "BOOLEAN",
      int16: "SMALLINT",
      int32: "INTEGER",
      int64: "BIGINT",
      decimal: "DECIMAL(38,10)",
      float32: "FLOAT",
      float64: "DOUBLE",
      text: "VARCHAR",
      json: "JSON",
      bytes: "BLOB",
      date: "DATE",
      time: "TIME",
      timestamp: "TIMESTAMP",
      timestamptz: "TIMESTAMP WITH TIME ZONE",
      uuid: "UUID",
    },
    integer: "BIGINT",
    keyText: "VARCHAR",
    quote: DUCKDB_WORDS.quote,
    // A DECIMAL prints all 10 digits that it has behind the point.
    textOf: (expression) =>
      `regexp_replace(cast(${expression} AS VARCHAR), '^(-?[0-9]+)(?:[.]0{10}|([.][0-9]*?)0*)$', ` +
      `CASE WHEN regexp_matches(cast(${expression} AS VARCHAR), '^-?[0-9]+[.][0-9]{10}$') ` +
      `THEN '\\1\\2' ELSE '\\0' END)`,
    hexOf: (expression) => `lower(hex(encode(cast(${expression} AS VARCHAR))))`,
    hexOfBytes: (expression) => `lower(hex(${expression}))`,
    exactDouble: (expression) => `cast(${expression} AS VARCHAR)`,
    instantOf: (expression) => `strftime(timezone('UTC', ${expression}), '%Y-%m-%dT%H:%M:%S.%f')`,
    tables: "SELECT table_name AS name FROM duckdb_tables()",
    looseText: { type: "VARCHAR COLLATE NOCASE" },
    // Foreign keys take no action.
    cascade: "",
    generated: (expression) => `BIGINT GENERATED ALWAYS AS (${expression})`,
  },
  quirks: {
    "types: decimal: 39 digits": { is: { refused: "data" }, why: DECIMALS },
    "types: decimal: zeros at the end": {
      is: { read: "1.1" },
      why: "DECIMAL has a number of digits behind the point by its declaration",
    },
    "types: decimal: small": { is: { refused: "range" }, why: DECIMALS },
    "keys: keys that are equal in any case are one": {
      is: "…table_refused: …has a column with COLLATE…",
      why: "Keys differ by their bytes, whatever their collation says: an upsert is refused",
    },
    "own columns: an identity column counts where it is absent": NO_IDENTITY,
    "own columns: an identity column takes what rows say": NO_IDENTITY,
    "rules: exactly the rows that rules refuse are left out, each with place and reason": {
      is: "…21 integrity, 51 n null, 52 up integrity, 101 v integrity, 121 v type, 200 malformed…",
      why: "DuckDB does not say which of several unique constraints a row of the batch is against",
    },
    "rules: rows of a table that refers to itself find those before them (replace)": {
      is: "…table_refused: …refers to itself…",
      why: "In one statement, DuckDB finds no row that another one refers to",
    },
    "rules: a replace with the rows that others refer to changes nothing of them": {
      is: "…table_refused: …DuckDB deletes no row that is referred to…",
      why: "DuckDB deletes no row that is referred to, though it comes back at once",
    },
    "rules: a trigger sees each row that is added": NO_TRIGGERS,
    "rules: a row that a trigger refuses is refused by its place": NO_TRIGGERS,
  },
};
