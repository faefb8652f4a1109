/** Another statement that merges. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["MERGE INTO {table} USING {staging} USING ({keys}) WHEN MATCHED THEN DELETE"] },
  says: "merge[0]: MERGE stands where INSERT belongs",
};
