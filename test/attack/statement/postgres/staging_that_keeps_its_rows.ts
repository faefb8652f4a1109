/** Merges each batch once more with the next. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    stage: [
      "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
    ],
    write: {
      insert: "INSERT INTO {staging} ({columns}, {ordinal}) VALUES {rows}",
      row: "({values}, {ordinal})",
    },
    merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}"],
  },
  says: "stage[0]",
};
