/** Leaves a column as it was. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1})",
    },
  },
  says: "insert.sql: its end stands where , belongs",
};
