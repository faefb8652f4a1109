/** A value is another one. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, 1, {value:1})",
    },
  },
  says: "insert.row: 1 stands where {value:1} belongs",
};
