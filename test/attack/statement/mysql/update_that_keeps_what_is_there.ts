/** Says that a row was taken, and keeps the old one. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = {col:1}, {col:2} = {col:2}",
    },
  },
  says: "insert.sql: {col:1} stands where VALUES belongs",
};
