/** A value becomes a struct. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {a: {value:1}}, {value:2})",
    },
  },
  says: "insert.row: Statement of a plan carries an unknown slot {a",
};
