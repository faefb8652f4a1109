/** Asks the loader for a file of its own. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { finish: ["LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE {table}"] },
  says: "finish[0]: it carries a sign that no statement needs",
};
