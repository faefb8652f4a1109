/** Takes the first row of each batch for a head. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "COPY {table} ({columns}) FROM STDIN WITH (HEADER, {rows})" } },
  says: "COPY stands where INSERT belongs",
};
