/** The plan verifier on what the policy has accepted. */
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { Shape } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { SessionPhase } from "../../src/plan_policy/recipes.ts";
import type { PlanVerifier } from "../../src/plan_policy/plan_verifier.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { plansOf } from "../families/plan_families.ts";
import { FAMILIES, type Family } from "./family.ts";

/** What was accepted: a plan for a shape, or a statement that stands outside of loads. */
export type Accepted =
  | { readonly kind: "plan"; readonly family: Family; readonly plan: Plan; readonly shape: Shape }
  | {
    readonly kind: "session";
    readonly family: Family;
    readonly phase: SessionPhase;
    readonly sql: string;
  };

/** Says why it would not have accepted that; undefined where it would. Each refusal is a finding. */
export type Judge = (accepted: Accepted) => string | undefined | Promise<string | undefined>;

/** The databases' own grammars. */
export async function grammars(): Promise<Judge> {
  const loaded: ReadonlyMap<Family, PlanVerifier> = new Map(
    await Promise.all(
      FAMILIES.map(async (name) => [name, await (await loadDriver(name)).grammar()] as const),
    ),
  );
  return async (accepted) => {
    // Those of sessions are read one by one, in `test/attack/*_session_statement_test.ts`.
    if (accepted.kind === "session") return undefined;
    const why = await refusalOf(loaded.get(accepted.family)!, accepted);
    return why !== undefined && plansOf(accepted.family).readsOtherwise.test(why) ? why : undefined;
  };
}

async function refusalOf(
  grammar: PlanVerifier,
  { plan, shape }: { readonly plan: Plan; readonly shape: Shape },
): Promise<string | undefined> {
  try {
    return (await grammar.refusalOf(plan, shape))?.why;
  } catch (error) {
    // A shape that the database does not know, or a slot where it has no meaning.
    if (error instanceof LoadError && error.code !== "bug") return error.message;
    throw error;
  }
}
