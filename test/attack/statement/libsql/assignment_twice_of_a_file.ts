/** Sets one column twice and another not at all. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:1} = EXCLUDED.{col:1}",
    },
  },
  says: "insert.sql",
};
