/** Two quoted names side by side are one name with a quote in it. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { prepare: ["DROP TABLE {table}{table_name}"] },
  says: "a slot touches",
};
