/** Old rows stay beside the new ones. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "duckdb",
  mode: "replace",
  plan: { finish: ["INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside}"] },
  says: "finish[0]: INSERT stands where DELETE belongs",
};
