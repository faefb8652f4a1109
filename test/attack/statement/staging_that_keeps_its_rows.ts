/** Merges each batch once more with the next. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    stage: [
      "CREATE TEMP TABLE {staging} AS SELECT {columns}, CAST(0 AS bigint) AS {ordinal} FROM {table} WITH NO DATA",
    ],
    write: { copy: "COPY {staging} ({columns}, {ordinal}) FROM STDIN", ordinal: true },
    merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}"],
  },
  says: "stage[0]",
};
