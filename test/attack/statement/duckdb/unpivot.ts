/** Columns become rows. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) UNPIVOT {staging} ON {columns}"] },
  says: "merge[0]: UNPIVOT stands where SELECT belongs",
};
