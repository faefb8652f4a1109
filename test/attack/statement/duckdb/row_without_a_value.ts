/** One value is missing. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1})",
    },
  },
  says: "insert.row: ) stands where , belongs",
};
