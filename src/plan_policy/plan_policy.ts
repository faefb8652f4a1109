/**
 * What a plan is held to before a statement of it runs, whatever the plugin: the plan's schema, the
 * tokens of each statement (one statement, no quotes, no comments, no literals beyond numbers), where
 * each slot may stand, the recipes of the dialect, and last the database's own parser.
 */
import { type Plan, PlanSchema } from "../plugin_api/plan.ts";
import type { Shape } from "../model/batch.ts";
import { parse } from "../config/parse.ts";
import { LoadError } from "../model/errors.ts";
import type { DialectRecipes, SessionPhase } from "./recipes.ts";
import { PLAN_LAYERS, SESSION_LAYERS } from "./plan_layers.ts";
import type { PlanVerifier } from "./plan_verifier.ts";

/** Whose plans are checked, and what they may do. */
export interface PlanRules {
  /** The plugin's name. */
  readonly plugin: string;
  readonly dialect: DialectRecipes;
}

/**
 * Holds a draft to the policy for a shape.
 *
 * @throws {LoadError} `plan_refused`, naming the phase and the statement
 */
export function checkPlan(draft: unknown, shape: Shape, { plugin, dialect }: PlanRules): Plan {
  const plan = parse(PlanSchema, draft, {
    what: `The plan of plugin ${plugin}`,
    code: "plan_refused",
    blame: "plugin",
  });
  for (const layer of PLAN_LAYERS) {
    const refusal = layer.refusalOf(plan, shape, dialect);
    if (refusal) throw refused(refusal.at, refusal.why, plugin);
  }
  return plan;
}

/**
 * Asks the database's own parser about a plan that has been checked.
 *
 * @throws {LoadError} `plan_refused`, naming the phase and the statement
 */
export async function checkByVerifier(
  plan: Plan,
  shape: Shape,
  { plugin, verifier }: { readonly plugin: string; readonly verifier: PlanVerifier },
): Promise<void> {
  const refusal = await verifier.refusalOf(plan, shape);
  if (refusal) throw refused(refusal.at, refusal.why, plugin);
}

/** Statements that stand outside of a load: they name no table, so they carry no slot. */
export function checkSessionStatements(
  statements: readonly string[],
  phase: SessionPhase,
  { plugin, dialect }: PlanRules,
): readonly string[] {
  statements.forEach((sql, i) => {
    const at = `${phase}[${i}]`;
    for (const { refusalOf } of SESSION_LAYERS) {
      const why = refusalOf(sql, phase, dialect);
      if (why !== undefined) throw refused(at, why, plugin);
    }
  });
  return statements;
}

function refused(at: string, why: string, plugin: string): LoadError {
  return new LoadError(`The plan of plugin ${plugin} is refused at ${at}: ${why}`, {
    code: "plan_refused",
    blame: "plugin",
    issues: [{ path: at, message: why }],
  });
}
