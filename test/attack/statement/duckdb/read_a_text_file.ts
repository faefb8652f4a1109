/** Fills the table from the bytes of a file. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    finish: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM read_text('/etc/passwd')"],
  },
  says: "finish[0]: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
