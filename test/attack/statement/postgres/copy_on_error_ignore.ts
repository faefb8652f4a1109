/** Drops the rows that do not fit, in silence. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "COPY {table} ({columns}) FROM STDIN WITH (ON_ERROR ignore, {rows})" } },
  says: "COPY stands where INSERT belongs",
};
