/** A value is the column's default. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, DEFAULT, {value:1})",
    },
  },
  says: "insert.row: DEFAULT stands where {value:1} belongs",
};
