/** A value goes through a function. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, upper({value:1}), {value:2})",
    },
  },
  says: "insert.row: UPPER stands where {value:1} belongs",
};
