/** Writes what stands in another table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1}), {col:2} = (SELECT secret FROM other)",
    },
  },
  says: "insert.sql: ( stands where VALUES belongs",
};
