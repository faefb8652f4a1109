/** Blanks by the megabyte for each row. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "(repeat({value:0}, 1000000000), {value:1}, {value:2})",
    },
  },
  says: "insert.row: REPEAT stands where {values} or {value:0} belongs",
};
