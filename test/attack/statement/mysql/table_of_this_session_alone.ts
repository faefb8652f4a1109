/** Makes a table that is gone with the session. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TEMPORARY TABLE {table} ({col:0} BIGINT NOT NULL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: TEMPORARY stands where TABLE belongs",
};
