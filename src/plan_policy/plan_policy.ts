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
import { type AskedWord, grantOf } from "../plugin_api/words.ts";
import { wordsIn } from "./dialect_words.ts";
import { PLAN_LAYERS, SESSION_LAYERS } from "./plan_layers.ts";
import type { PlanVerifier } from "./plan_verifier.ts";

/** Whose plans are checked, and what they may do. */
export interface PlanRules {
  /** The plugin's name. */
  readonly plugin: string;
  /** The recipes, with the words that were granted. */
  readonly dialect: DialectRecipes;
  /** Words that were granted; none by default. */
  readonly words?: readonly AskedWord[];
  /** What its manifest asks for and nobody has granted; none by default. */
  readonly ungranted?: UngrantedWords;
}

/** What a manifest asks for and nobody has granted. */
export interface UngrantedWords {
  readonly words: readonly AskedWord[];
  /** The recipes with all that the manifest asks for. */
  readonly dialect: DialectRecipes;
  /** What the file is called where it can be granted. */
  readonly file: string;
}

/**
 * Holds a draft to the policy for a shape.
 *
 * @throws {LoadError} `plan_refused`, naming the phase and the statement
 */
export function checkPlan(draft: unknown, shape: Shape, rules: PlanRules): Plan {
  const { plugin, dialect, ungranted } = rules;
  const plan = parse(PlanSchema, draft, {
    what: `The plan of plugin ${plugin}`,
    code: "plan_refused",
    blame: "plugin",
  });
  for (const layer of PLAN_LAYERS) {
    const refusal = layer.refusalOf(plan, shape, dialect);
    if (!refusal) continue;
    if (ungranted && !layer.refusalOf(plan, shape, ungranted.dialect)) {
      const sql = statementAt(plan, refusal.at) ?? "";
      throw notGranted(refusal.at, plugin, {
        ...ungranted,
        sql,
        columnCount: shape.columns.length,
      });
    }
    throw refused(refusal, plugin, refusal.lesson?.() ?? lessonAt(plan, refusal));
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
  { plugin, verifier, words = [] }: Pick<PlanRules, "plugin" | "words"> & {
    readonly verifier: PlanVerifier;
  },
): Promise<void> {
  const refusal = await verifier.refusalOf(plan, shape, words);
  if (refusal) throw refused(refusal, plugin, lessonAt(plan, refusal, "When it is refused"));
}

/** Statements that stand outside of a load: they name no table, so they carry no slot. */
export function checkSessionStatements(
  statements: readonly string[],
  phase: SessionPhase,
  { plugin, dialect, ungranted }: PlanRules,
): readonly string[] {
  statements.forEach((sql, i) => {
    const at = `${phase}[${i}]`;
    for (const { refusalOf } of SESSION_LAYERS) {
      const why = refusalOf(sql, phase, dialect);
      if (why === undefined) continue;
      if (ungranted && refusalOf(sql, phase, ungranted.dialect) === undefined) {
        throw notGranted(at, plugin, { ...ungranted, sql, columnCount: 0 });
      }
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
  const sql = statementAt(plan, at);
  return sql === undefined ? [] : statementLesson(sql, why, section);
}

function statementAt(plan: Plan, at: string): string | undefined {
  if (at === "insert.sql") return plan.write.sql;
  if (at === "insert.row") return plan.write.row;
  const [, phase = "", index] = /^(\w+)\[(\d+)\]$/.exec(at) ?? [];
  return isPhase(phase) ? plan[phase][Number(index)] : undefined;
}

/** The plan is in order but for words that wait for the operator: no fault of the plugin. */
function notGranted(
  at: string,
  plugin: string,
  { words, file, sql, columnCount }: UngrantedWords & {
    readonly sql: string;
    readonly columnCount: number;
  },
): LoadError {
  const used = wordsIn(sql, words, columnCount);
  const [named, are] = used.length === 1 ? ["the", "is"] : ["", "are"];
  const what = used.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  const why = `it uses ${named} ${what}`.replace("  ", " ") +
    `, which its manifest asks for and which ${are} not granted`;
  return new LoadError(`The plan of plugin ${plugin} is refused at ${at}: ${why}`, {
    code: "plan_refused",
    blame: "config",
    issues: [{ path: at, message: why }],
    lines: [`To grant it: snakepipe grant ${file} ${used.map(grantOf).join(" ")}`],
  });
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
