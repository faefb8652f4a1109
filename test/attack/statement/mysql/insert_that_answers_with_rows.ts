/** Answers with rows, as MariaDB can. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} RETURNING {columns}" } },
  says: "insert.sql: RETURNING stands where its end belongs",
};
