/** Swaps columns on the way from staging. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    stage: [
      "CREATE TEMP TABLE {staging} ON COMMIT DELETE ROWS AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
    ],
    write: {
      insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
      row: "({values}, {ordinal})",
    },
    merge: ["INSERT INTO {table} ({columns}) SELECT {col:0}, {col:2}, {col:1} FROM {staging}"],
  },
  says: "merge[0]",
};
