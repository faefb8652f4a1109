/** Fills the table from a file of the machine. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM read_csv('/etc/passwd') -- {rows}",
    },
  },
  says: "insert.sql: it carries a sign that no statement needs (quotes, semicolons, and the like)",
};
