/** Merges as SQL has it, and deletes what matches. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    merge: ["MERGE INTO {table} USING {staging} ON {col:0} = {col:0} WHEN MATCHED THEN DELETE"],
  },
  says: "merge[0]",
};
