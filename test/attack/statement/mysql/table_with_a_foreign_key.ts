/** Refers to a table of others. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}), FOREIGN KEY ({col:1}) REFERENCES other (secret))",
    ],
  },
  says: "create[0]: , stands where ) belongs",
};
