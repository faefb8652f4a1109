/** Makes a table of its own beside it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: {
    create: [
      "CREATE TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text)",
      "CREATE TABLE mine (secret text)",
    ],
  },
  says: "create[1]",
};
