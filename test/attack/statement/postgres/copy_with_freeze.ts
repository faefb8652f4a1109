/** Writes rows that others see before they are committed. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "COPY {table} ({columns}) FROM STDIN WITH (FREEZE, {rows})" } },
  says: "COPY stands where INSERT belongs",
};
