/** Makes a table whose batches would be in by halves. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = MyISAM",
    ],
  },
  says: "create[0]: MYISAM stands where INNODB belongs",
};
