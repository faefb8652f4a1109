/** Drops the table that is there, as MariaDB can. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE OR REPLACE TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: OR stands where TABLE belongs",
};
