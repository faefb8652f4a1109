/** Some rows are lost, by chance. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: [
      "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} USING SAMPLE 1 ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
    ],
  },
  says: "merge[0]: USING stands where ORDER belongs",
};
