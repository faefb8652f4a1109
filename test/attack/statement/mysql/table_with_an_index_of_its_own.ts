/** Makes an index that refuses rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}), UNIQUE ({col:1}))",
    ],
  },
  says: "create[0]: , stands where ) belongs",
};
