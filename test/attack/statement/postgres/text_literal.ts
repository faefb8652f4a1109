/** Names a file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["SELECT pg_read_file('/etc/passwd')"] },
  says: "a sign that no statement needs",
};
