/** Fills the table from the bytes of a file, in an upsert. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: [
      "INSERT INTO {table} ({columns}) SELECT DISTINCT ON ({keys}) {columns} FROM {staging} ORDER BY {keys}, {ordinal} DESC ON CONFLICT ({keys}) DO UPDATE SET {col:1} = EXCLUDED.{col:1}, {col:2} = EXCLUDED.{col:2}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM read_blob(x)",
    ],
  },
  says: "merge[1]: no statement may stand there",
};
