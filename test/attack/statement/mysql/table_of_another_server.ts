/** Makes a table that is one of another server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = FEDERATED CONNECTION = 'mysql://u@h/d/t'",
    ],
  },
  says: "create[0]: it carries a sign that no statement needs",
};
