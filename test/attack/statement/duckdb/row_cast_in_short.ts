/** A cast by two colons. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, {value:1}::TINYINT, {value:2})",
    },
  },
  says: "insert.row: it carries a colon outside of a slot",
};
