/** Makes the shadow table drop rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  mode: "replace",
  plan: {
    prepare: [
      "CREATE TABLE {aside} ( UNIQUE ( {col:1} ) ) IGNORE AS SELECT {columns} FROM {table} WHERE 0",
    ],
  },
  says: "prepare[0]: ( stands where AS belongs",
};
