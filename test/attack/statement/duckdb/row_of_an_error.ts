/** A value ends the statement, and the message has it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, error({value:1}), {value:2})",
    },
  },
  says: "insert.row: ERROR stands where {value:1} belongs",
};
