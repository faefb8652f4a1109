/** Sets a variable for one statement, as MariaDB can. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: { prepare: ["SET STATEMENT sql_mode = 0 FOR DELETE FROM {table}"] },
  says: "prepare[0]: SET stands where CREATE belongs",
};
