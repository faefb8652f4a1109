/** Stores the rows' numbers in place of a column, and counts on a table that has the name. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}, {ordinal}) VALUES {rows}",
      row: "({values}, {ordinal})",
    },
  },
  says: "insert.sql: , stands where ) belongs",
};
