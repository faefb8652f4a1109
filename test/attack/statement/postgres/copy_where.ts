/** Drops rows on their way. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { write: { insert: "COPY {table} ({columns}) FROM STDIN WHERE {col:0} = {rows}" } },
  says: "COPY stands where INSERT belongs",
};
