/** Opens a file to look at its form. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM sniff_csv(x)"] },
  says: "merge[0]: {columns} stands where DISTINCT belongs",
};
