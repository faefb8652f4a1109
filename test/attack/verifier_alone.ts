/** What a database makes of a plan by itself, without the patterns that would have refused it before. */
import { LoadError, type Shape } from "../../mod.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { StatementAttack } from "./statement_attack.ts";

/** The table of the attacks. */
export function shapeOf({ mode = "append" }: Pick<StatementAttack, "mode">): Shape {
  return {
    table: { name: "t" },
    columns: [
      { name: "id", type: "int64", nullable: false, key: true },
      { name: "a", type: "text", nullable: true, key: false },
      { name: "b", type: "text", nullable: true, key: false },
    ],
    mode,
  };
}

/** Why the database refuses a plan; undefined where it does not. */
export async function verifierRefusal(
  family: string,
  plan: Plan,
  shape: Shape,
): Promise<string | undefined> {
  const grammar = await (await loadDriver(family)).grammar();
  try {
    const refusal = await grammar.refusalOf(plan, shape);
    return refusal && `${refusal.at}: ${refusal.why}`;
  } catch (error) {
    // Slots that mean nothing there.
    if (error instanceof LoadError && error.code === "plan_refused") return error.message;
    throw error;
  }
}
