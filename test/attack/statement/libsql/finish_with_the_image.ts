/** Fills the table of a replace from what a batch has on the way. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  mode: "replace",
  plan: {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM _snakepipe_image._snakepipe_rows",
    ],
  },
  says: "finish[1]: _SNAKEPIPE_IMAGE stands where {aside} belongs",
};
