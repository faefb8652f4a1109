/** Each row comes twice. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({values}), ({values})",
    },
  },
  says: "insert.row: , stands where its end belongs",
};
