/** Updates only some rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON DUPLICATE KEY UPDATE {col:1} = IF(VALUES({col:0}) > 5, VALUES({col:1}), {col:1}), {col:2} = VALUES({col:2})",
    },
  },
  says: "insert.sql: IF stands where VALUES belongs",
};
