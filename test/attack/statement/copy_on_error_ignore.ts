/** Drops the rows that do not fit, in silence. */
import type { StatementAttack } from "../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    write: { copy: "COPY {table} ({columns}) FROM STDIN WITH (FORMAT {format}, ON_ERROR ignore)" },
  },
  says: "sql",
};
