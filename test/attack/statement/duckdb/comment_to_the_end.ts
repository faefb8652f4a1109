/** What stands behind it is not read. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} -- VALUES {rows}",
    },
  },
  says: "insert.sql: it carries a comment",
};
