/** Makes a table that is a file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = CONNECT TABLE_TYPE = CSV",
    ],
  },
  says: "create[0]: CONNECT stands where INNODB belongs",
};
