/** A name in quotes is a file, where no table has it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: { merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM 'other.csv'"] },
  says: "merge[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
