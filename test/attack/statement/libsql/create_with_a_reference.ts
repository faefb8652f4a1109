/** Ties the table to another one. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "libsql",
  plan: {
    create: ["CREATE TABLE {table} ({col:0} INTEGER REFERENCES other, {col:1} TEXT, {col:2} TEXT)"],
  },
  says: "create[0]",
};
