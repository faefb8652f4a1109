/** Leaves a column out. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { create: ["CREATE TABLE {table} ({col:0} INTEGER, {col:1} TEXT)"] },
  says: "create[0]",
};
