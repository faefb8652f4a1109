/** Has values taken for NULL. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "COPY {table} ({columns}) FROM STDIN WITH (NULL 0, {rows})" } },
  says: "COPY stands where INSERT belongs",
};
