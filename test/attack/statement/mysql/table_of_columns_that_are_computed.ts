/** Computes a column from another. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT, {col:1} TEXT, {col:2} TEXT AS ({col:1}), PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: AS stands where CHARACTER or COLLATE or NOT or NULL or , or ) belongs",
};
