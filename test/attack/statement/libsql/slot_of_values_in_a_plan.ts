/** Wants a row's value where there is no row. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { prepare: ["DELETE FROM {table} WHERE {value:0}"] },
  says: "has no meaning there",
};
