/** Loads a file of the server's into the table. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { finish: ["LOAD DATA INFILE '/etc/passwd' INTO TABLE {table}"] },
  says: "finish[0]: it carries a sign that no statement needs",
};
