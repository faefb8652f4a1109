/** Makes a table that takes rows and has none. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = BLACKHOLE",
    ],
  },
  says: "create[0]: BLACKHOLE stands where INNODB belongs",
};
