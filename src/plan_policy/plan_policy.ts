/**
 * What a plan is held to before a statement of it runs, whatever the plugin: the plan's schema, the
 * tokens of each statement (one statement, no quotes, no comments, no literals beyond numbers), where
 * each slot may stand, the recipes of the dialect, and last the database's own parser.
 */
import { type Plan, PlanSchema } from "../plugin_api/plan.ts";
import type { Shape } from "../model/batch.ts";
import { parse } from "../config/parse.ts";
import { LoadError, messageOf } from "../model/errors.ts";
import { type DialectRecipes, refusalOf, type SessionPhase, sessionRefusal } from "./recipes.ts";
import type { PlanVerifier } from "./plan_verifier.ts";
import { parseTemplate, type Slot, type Template } from "./slot.ts";
import { tokensOf } from "./token.ts";

type SlotKind = Slot["kind"];

const NAMES: readonly SlotKind[] = [
  "table",
  "table_name",
  "columns",
  "keys",
  "col",
  "staging",
  "aside",
  "ordinal",
];
const PHASE_SLOTS = {
  create: NAMES,
  prepare: NAMES,
  stage: NAMES,
  merge: NAMES,
  finish: NAMES,
  insert: [...NAMES, "rows"],
  row: ["value", "values", "ordinal"],
} as const satisfies Record<string, readonly SlotKind[]>;

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
  for (const phase of ["create", "prepare", "stage", "merge", "finish"] as const) {
    plan[phase].forEach((sql, i) =>
      checkStatement(sql, shape, { phase, at: `${phase}[${i}]`, plugin })
    );
  }
  const write = plan.write;
  checkStatement(write.sql, shape, { phase: "insert", at: "insert.sql", plugin });
  checkStatement(write.row, shape, { phase: "row", at: "insert.row", plugin });
  if (slotCount(write.sql, "rows", shape) !== 1) {
    throw refused("insert.sql", "it must carry {rows} once", plugin);
  }
  const ordinals = slotCount(write.row, "ordinal", shape);
  if (ordinals > 1 || slotCount(write.sql, "ordinal", shape) !== ordinals) {
    throw refused("insert.sql", "it must carry {ordinal} once where the row has it once", plugin);
  }
  const refusal = refusalOf(plan, shape, dialect);
  if (refusal) throw refused(refusal.at, refusal.why, plugin);
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
  { plugin, grammar }: { readonly plugin: string; readonly grammar: PlanVerifier },
): Promise<void> {
  const refusal = await grammar.refusalOf(plan, shape);
  if (refusal) throw refused(refusal.at, refusal.why, plugin);
}

/** How often a slot stands in a statement that has been checked. */
function slotCount(sql: string, kind: SlotKind, shape: Shape): number {
  const template = parseTemplate(sql, shape.columns.length);
  return template.filter((piece) => typeof piece !== "string" && piece.kind === kind).length;
}

/** Statements that stand outside of a load: they name no table, so they carry no slot. */
export function checkSessionStatements(
  statements: readonly string[],
  phase: SessionPhase,
  { plugin, dialect }: PlanRules,
): readonly string[] {
  statements.forEach((sql, i) => {
    const at = `${phase}[${i}]`;
    if (/[{}]/.test(sql)) throw refused(at, "it carries a slot, where there is no table", plugin);
    checkTokens(sql, TOKENS, { at, plugin });
    const refusal = sessionRefusal(sql, phase, { dialect, at });
    if (refusal) throw refused(at, refusal.why, plugin);
  });
  return statements;
}

function checkStatement(
  sql: string,
  shape: Shape,
  options: { phase: keyof typeof PHASE_SLOTS; at: string; plugin: string },
): void {
  checkTokens(sql, TOKENS_AND_SLOTS, options);
  const allowed: readonly SlotKind[] = PHASE_SLOTS[options.phase];
  const template = cut(sql, shape, options);
  for (const piece of template) {
    if (typeof piece === "string") {
      if (piece.includes(":")) {
        throw refused(options.at, "it carries a colon outside of a slot", options.plugin);
      }
    } else if (!allowed.includes(piece.kind)) {
      throw refused(options.at, `the slot {${piece.kind}} has no meaning there`, options.plugin);
    } else if (piece.kind === "keys" && !shape.columns.some(({ key }) => key)) {
      // Filled, it would leave empty brackets, which no database reads.
      const why = "the slot {keys} has no meaning there: no column is a key";
      throw refused(options.at, why, options.plugin);
    }
  }
  const tokens = tokensOf(template);
  if (typeof tokens === "string") throw refused(options.at, tokens, options.plugin);
}

function cut(sql: string, shape: Shape, options: { at: string; plugin: string }): Template {
  try {
    return parseTemplate(sql, shape.columns.length);
  } catch (error) {
    throw refused(options.at, messageOf(error), options.plugin);
  }
}

/** Words, numbers, and the few signs that statements need. */
const TOKENS = /^[A-Za-z0-9_ \n(),.=<>*+-]+$/;
/** The same with what slots are made of: that they are made well is seen when they are cut. */
const TOKENS_AND_SLOTS = /^[A-Za-z0-9_ \n(),.=<>*+{}:-]+$/;

function checkTokens(
  sql: string,
  tokens: RegExp,
  { at, plugin }: { at: string; plugin: string },
): void {
  if (!tokens.test(sql)) {
    throw refused(
      at,
      "it carries a sign that no statement needs (quotes, semicolons, and the like)",
      plugin,
    );
  }
  if (sql.includes("--")) throw refused(at, "it carries a comment", plugin);
}

function refused(at: string, why: string, plugin: string): LoadError {
  return new LoadError(`The plan of plugin ${plugin} is refused at ${at}: ${why}`, {
    code: "plan_refused",
    blame: "plugin",
    issues: [{ path: at, message: why }],
  });
}
