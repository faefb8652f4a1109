/** Has a column change by itself. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT, {col:1} TEXT, {col:2} TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: ON stands where ( or CHARACTER or COLLATE or NOT or NULL or , or ) belongs",
};
