/** A row of blanks for the most part: thousands of it are longer than any text can be. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    write: {
      insert: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: `(${" ".repeat(60_000)}{values})`,
    },
  },
  says: "more than 80 blanks",
};
