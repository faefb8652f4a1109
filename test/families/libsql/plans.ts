/** Plans for SQLite: see {@linkcode PlanFamily}. */
import { LIBSQL_WORDS } from "../../../host/drivers/libsql/names_and_types.ts";
import { imageInsert } from "../../../host/drivers/libsql/image_source.ts";
import type { PlanFamily } from "../plan_family.ts";
import { libsqlBench } from "./harm.ts";

const CREATE = "CREATE TABLE IF NOT EXISTS {table} ({col:0} INTEGER NOT NULL, {col:1} TEXT, " +
  "{col:2} TEXT, PRIMARY KEY ({keys}))";
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
      write: {
        insert: `INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) ${SET}`,
      },
    },
    replace: {
      create: [CREATE],
      prepare: ["CREATE TABLE {aside} AS SELECT {columns} FROM {table} WHERE 0"],
      write: { insert: "INSERT INTO {aside} ({columns}) VALUES {rows}" },
      finish: [
        "DELETE FROM {table}",
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}",
      ],
    },
  },
  words: LIBSQL_WORDS,
  bulkInsert: (write, shape) => imageInsert(write, shape, false),
  inSchemas: false,
  readsOtherwise: /^to SQLite it asks for/,
  unseen: {
    "SQLite reads the first statement, and its drivers run no other": ["second_statement"],
    "every row of a rehearsal meets the condition": ["conflict_with_a_condition_of_a_file"],
    "it changes nothing of what is loaded": ["row_of_blanks_for_a_file"],
  },
  openBench: () => Promise.resolve(libsqlBench()),
};
