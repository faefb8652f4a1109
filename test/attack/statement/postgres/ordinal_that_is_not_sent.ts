/** Says that an ordinal comes, and has none sent. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  mode: "upsert",
  plan: { write: { insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}" } },
  says: "{ordinal}",
};
