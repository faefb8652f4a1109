/** Plans for DuckDB: see {@linkcode PlanFamily}. */
import { DUCKDB_WORDS } from "../../../host/drivers/duckdb/names_and_types.ts";
import type { PlanFamily } from "../plan_family.ts";
import { duckdbBench } from "./harm.ts";

const CREATE = "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT NOT NULL, {col:1} VARCHAR, " +
  "{col:2} VARCHAR, PRIMARY KEY ({keys}))";

/** See {@linkcode PlanFamily}. */
export const plans: PlanFamily = {
  honest: {
    append: {
      create: [CREATE],
      write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows}" },
    },
    upsert: {
      create: [CREATE],
      stage: [
        "DROP TABLE IF EXISTS {staging}",
        "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS BIGINT) AS {ordinal} " +
        "FROM {table} WITH NO DATA",
      ],
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
        "ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET " +
        "{col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
    },
    replace: {
      create: [CREATE],
      prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA"],
      write: { insert: "INSERT INTO {aside} ({columns}) VALUES {rows}" },
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
  },
  words: DUCKDB_WORDS,
  inSchemas: true,
  readsOtherwise: /^to DuckDB it/,
  unseen: {
    "a plan makes its table where there is none": ["create_or_replace"],
    "no two rows of a rehearsal are alike, and no two of its keys in any case": [
      "create_with_a_collation",
      "replace_of_distinct_rows",
    ],
    "of two rows of one key, the later one has the smaller text": ["staging_without_ordinals"],
  },
  openBench: () => Promise.resolve(duckdbBench()),
};
