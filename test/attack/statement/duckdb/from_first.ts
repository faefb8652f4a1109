/** A query may begin with FROM. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["FROM {staging} INSERT INTO {table}"] },
  says: "merge[0]: FROM stands where INSERT belongs",
};
