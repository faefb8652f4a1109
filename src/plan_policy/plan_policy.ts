/**
 * What a plan is held to before a statement of it runs, whatever the plugin: the plan's schema, the
 * tokens of each statement (one statement, no quotes, no comments, no literals beyond numbers), where
 * each slot may stand, the recipes of the dialect, and last the database's own parser.
 */
import { type Plan, PlanSchema } from "../plugin_api/plan.ts";
import type { Shape } from "../model/batch.ts";
import { parse } from "../config/parse.ts";
import { LoadError } from "../model/errors.ts";
import { PHASES, type StatementPhase } from "./compiled_recipe.ts";
import { statementLesson } from "./lesson.ts";
import { type DialectRecipes, type Refusal, type SessionPhase, sessionRefusal } from "./recipes.ts";
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
    if (refusal) throw refused(refusal, plugin, refusal.lesson?.() ?? lessonAt(plan, refusal));
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
  if (refusal) throw refused(refusal, plugin, lessonAt(plan, refusal, "When it is refused"));
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
      if (why === undefined) continue;
      const lesson = sessionRefusal(sql, phase, { dialect, at })?.lesson;
      throw refused({ at, why }, plugin, lesson?.() ?? statementLesson(sql, why));
    }
  });
  return statements;
}

/** What is said of a statement beside why it is refused, where no recipe has to be shown. */
function lessonAt(
  plan: Plan,
  { at, why }: Refusal,
  section: "Slots" | "When it is refused" = "Slots",
): readonly string[] {
  const [, phase = "", index] = /^(\w+)(?:\[(\d+)\]|\.\w+)?$/.exec(at) ?? [];
  const sql = at === "insert.sql"
    ? plan.write.sql
    : at === "insert.row"
    ? plan.write.row
    : isPhase(phase)
    ? plan[phase][Number(index)]
    : undefined;
  return sql === undefined ? [] : statementLesson(sql, why, section);
}

function isPhase(word: string): word is "create" | StatementPhase {
  return word === "create" || PHASES.some((phase) => phase === word);
}

function refused(
  { at, why }: Pick<Refusal, "at" | "why">,
  plugin: string,
  lines: readonly string[],
): LoadError {
  return new LoadError(`The plan of plugin ${plugin} is refused at ${at}: ${why}`, {
    code: "plan_refused",
    blame: "plugin",
    issues: [{ path: at, message: why }],
    lines,
  });
}
