/** Tables side by side. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: [
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} POSITIONAL JOIN other",
    ],
  },
  says: "merge[0]: {columns} stands where DISTINCT belongs",
};
