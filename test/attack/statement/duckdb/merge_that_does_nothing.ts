/** Rows that are there stay as they are. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: [
      "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO NOTHING",
    ],
  },
  says: "merge[0]: NOTHING stands where UPDATE belongs",
};
