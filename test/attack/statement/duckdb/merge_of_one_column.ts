/** A column is not updated. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: [
      "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}",
    ],
  },
  says: "merge[0]: its end stands where , belongs",
};
