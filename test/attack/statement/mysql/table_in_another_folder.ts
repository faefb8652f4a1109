/** Puts a table's file anywhere on the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys})) ENGINE = InnoDB DATA DIRECTORY = '/tmp'",
    ],
  },
  says: "create[0]: it carries a sign that no statement needs",
};
