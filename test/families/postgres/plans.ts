/** Plans for PostgreSQL: see {@linkcode PlanFamily}. */
import { POSTGRES_WORDS } from "../../../host/drivers/postgres/names_and_types.ts";
import type { PlanFamily } from "../plan_family.ts";
import { postgresBench } from "./harm.ts";

const CREATE = "CREATE TABLE IF NOT EXISTS {table} ({col:0} bigint NOT NULL, {col:1} text, " +
  "{col:2} text, PRIMARY KEY ({keys}))";
const SET = "DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}";

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
        "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS " +
        "SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
      ],
      write: {
        insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
        row: "({values}, {ordinal})",
      },
      merge: [
        "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} " +
        `ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) ${SET}`,
      ],
    },
    replace: {
      create: [CREATE],
      prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WITH NO DATA"],
      write: { insert: "INSERT INTO {aside} ({columns}) VALUES {rows}" },
      finish: [
        "TRUNCATE TABLE {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
  },
  words: POSTGRES_WORDS,
  inSchemas: true,
  readsOtherwise: /^(PostgreSQL cannot read it|to PostgreSQL it is)/,
  unseen: {
    "PostgreSQL's parser sees one statement, and not whether another is missing, or there twice": [
      "merge_twice",
      "staging_that_is_never_merged",
    ],
    "which value a parameter has": [
      "ordinal_among_the_values",
      "ordinal_for_a_key",
      "ordinal_for_a_value",
      "ordinal_twice",
      "row_with_swapped_values_of_a_server",
    ],
    "it changes nothing of what is loaded": ["row_of_blanks"],
  },
  openBench: () => postgresBench(),
};
