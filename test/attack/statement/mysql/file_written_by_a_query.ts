/** Writes a file of the server's. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["SELECT {columns} FROM {table} INTO OUTFILE '/tmp/out'"] },
  says: "prepare[0]: it carries a sign that no statement needs",
};
