/** Makes a table that a crash empties. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "postgres",
  plan: { create: ["CREATE UNLOGGED TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text)"] },
  says: "create[0]",
};
