/** Makes it in another order. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: { create: ["CREATE TABLE {table} ({col:1} TEXT, {col:0} INTEGER, {col:2} TEXT)"] },
  says: "create[0]",
};
