/** A column stays as it is. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: [
      "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = {table}.{col:2}",
    ],
  },
  says: "merge[0]: {table} stands where EXCLUDED belongs",
};
