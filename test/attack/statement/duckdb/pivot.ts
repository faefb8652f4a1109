/** Rows become columns. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) PIVOT {staging} ON {col:1}"] },
  says: "merge[0]: PIVOT stands where SELECT belongs",
};
