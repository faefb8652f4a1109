/** Has every text of the table cut. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    prepare: [
      "ALTER TABLE {table} ALTER COLUMN {col:1} TYPE varchar(1) USING CAST({col:1} AS varchar(1))",
    ],
  },
  says: "prepare[0]",
};
