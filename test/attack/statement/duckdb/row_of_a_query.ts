/** A value comes from another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, (SELECT secret FROM other), {value:1})",
    },
  },
  says: "insert.row: ( stands where {value:1} belongs",
};
