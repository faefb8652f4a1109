/** A list without end in each row. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, generate_series(1, 1000000000000), {value:1})",
    },
  },
  says: "insert.row: GENERATE_SERIES stands where {value:1} belongs",
};
