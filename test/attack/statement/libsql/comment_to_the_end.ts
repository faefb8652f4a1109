/** Cuts off what the host might add. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { write: { insert: "INSERT INTO {table} ({columns}) VALUES {rows} -- WHERE" } },
  says: "a comment",
};
