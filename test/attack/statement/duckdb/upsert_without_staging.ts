/** Of keys that come twice the first stays. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    stage: [],
    merge: [],
    write: {
      insert:
        "INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
    },
  },
  says: "stage[0]: a statement is missing",
};
