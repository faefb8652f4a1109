/** Plans for MySQL and MariaDB: see {@linkcode PlanFamily}. */
import { mysqlWords } from "../../../host/drivers/mysql/names_and_types.ts";
import type { PlanFamily } from "../plan_family.ts";
import { mysqlBench } from "./harm.ts";

const CREATE = "CREATE TABLE IF NOT EXISTS {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, " +
  "{col:2} TEXT, PRIMARY KEY ({keys}))";
const SET = "{col:1} = VALUES({col:1}), {col:2} = VALUES({col:2})";

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
        insert: `INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE ${SET}`,
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
  // A literal goes out where a parameter would.
  words: { ...mysqlWords({ isMariaDb: true }), placeholder: () => "?" },
  inSchemas: true,
  readsOtherwise: /^to MySQL it is/,
  unseen: {},
  openBench: () => mysqlBench(),
};
