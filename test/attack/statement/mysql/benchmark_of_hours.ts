/** The same, at the cost of the server. */
import type { StatementAttack } from "../../statement_attack.ts";

export const attack: StatementAttack = {
  family: "mysql",
  plan: { health: ["SELECT BENCHMARK(1000000000, SHA2(1, 512))"] },
  says: "health[0]: BENCHMARK stands where a number belongs",
};
