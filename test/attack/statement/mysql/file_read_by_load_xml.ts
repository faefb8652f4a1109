/** The same, by the statement's sister. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { finish: ["LOAD XML LOCAL INFILE '/etc/passwd' INTO TABLE {table}"] },
  says: "finish[0]: it carries a sign that no statement needs",
};
