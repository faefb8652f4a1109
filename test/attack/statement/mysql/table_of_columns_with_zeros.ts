/** Fills numbers with zeros. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} INT ZEROFILL, {col:1} TEXT, {col:2} TEXT, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: ZEROFILL stands where CHARACTER or COLLATE or NOT or NULL or , belongs",
};
