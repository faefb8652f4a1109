/** A value loses what does not fit. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, TRY_CAST({value:1} AS TINYINT), {value:2})",
    },
  },
  says: "insert.row: TRY_CAST stands where {value:1} belongs",
};
