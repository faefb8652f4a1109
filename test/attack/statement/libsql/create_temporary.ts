/** Makes a table that vanishes. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { create: ["CREATE TEMP TABLE {table} ({col:0} INTEGER, {col:1} TEXT, {col:2} TEXT)"] },
  says: "create[0]",
};
