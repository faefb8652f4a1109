/** Writes values into each other's columns. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:2}), {col:2} = VALUES({col:1})",
    },
  },
  says: "insert.sql: {col:2} stands where {col:1} belongs",
};
