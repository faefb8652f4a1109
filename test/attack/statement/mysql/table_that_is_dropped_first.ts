/** Drops the table before it is made. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "DROP TABLE {table}",
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: DROP stands where CREATE belongs",
};
