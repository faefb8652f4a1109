/** All columns at once. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, COLUMNS(*), {value:1})",
    },
  },
  says: "insert.row: COLUMNS stands where {value:1} belongs",
};
