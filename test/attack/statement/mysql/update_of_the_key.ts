/** Moves a row to another key. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:0} = VALUES({col:0}), {col:1} = VALUES({col:1}), {col:2} = VALUES({col:2})",
    },
  },
  says: "insert.sql: {col:0} stands where {col:1} belongs",
};
