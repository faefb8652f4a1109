/** Keeps what the row had. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "upsert",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = {table}.{col:1}, {col:2} = EXCLUDED.{col:2}",
    },
  },
  says: "insert.sql",
};
