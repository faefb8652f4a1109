/** Reads the environment. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "(getenv({value:0}), {value:1}, {value:2})",
    },
  },
  says: "insert.row: GETENV stands where {values} or {value:0} belongs",
};
