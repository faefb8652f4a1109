/** A value goes through a lambda. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, list_transform({value:1}, x -> x), {value:2})",
    },
  },
  says: "insert.row: LIST_TRANSFORM stands where {value:1} belongs",
};
