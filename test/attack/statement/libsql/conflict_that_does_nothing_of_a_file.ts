/** Drops rows whose key is there. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "upsert",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO NOTHING",
    },
  },
  says: "insert.sql",
};
