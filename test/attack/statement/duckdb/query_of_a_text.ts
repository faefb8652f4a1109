/** A text is run as a query. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "upsert",
  plan: {
    merge: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM query('SELECT * FROM other')"],
  },
  says: "merge[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
