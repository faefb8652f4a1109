/** Takes few values, and numbers for their places. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} BIGINT, {col:1} ENUM('a', 'b'), {col:2} TEXT, PRIMARY KEY ({keys}))",
    ],
  },
  says: "create[0]: it carries a sign that no statement needs",
};
