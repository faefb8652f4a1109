/** Takes the rows of a batch by the name that they have on the way. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    write: {
      insert:
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM _snakepipe_image._snakepipe_rows UNION ALL VALUES {rows}",
    },
  },
  says: "insert.sql: SELECT stands where VALUES belongs",
};
