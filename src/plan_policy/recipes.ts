/**
 * What plans of a dialect may do: recipes, by mode, of which each plan has to follow one from its first
 * statement to its last. Words alone keep a plugin from other tables; recipes keep it from ruining its
 * own, and from losing or doubling rows on their way.
 */
import type { Plan } from "../plugin_api/plan.ts";
import type { Shape, WriteMode } from "../model/batch.ts";
import {
  type CompiledRecipe,
  compiledRecipes,
  type CompiledStep,
  PHASES,
  type StatementPhase,
} from "./compiled_recipe.ts";
import { misfitAt, misfitOf } from "./pattern_match.ts";
import type { DialectWords } from "./dialect_words.ts";
import type { NamedPatterns } from "./statement_pattern.ts";
import { hazardOf } from "./hazard.ts";
import { lessonOf, type RecipeShown } from "./lesson.ts";
import { Comparison, nearestOf } from "./nearest_recipe.ts";
import { shownToken, tokensIn } from "./token.ts";

/** Patterns of the statements of one phase, in their order; one that begins with `?` may be left out. */
export type Steps = readonly string[];

/** One way to load. */
export interface Recipe {
  /** After the target was created where it was not there. */
  readonly prepare?: Steps;
  /** Once a connection. */
  readonly stage?: Steps;
  /** The INSERT. */
  readonly write: string;
  /** Each batch, once its rows stand in staging. */
  readonly merge?: Steps;
  /** Once all batches are in. */
  readonly finish?: Steps;
}

/** The statements of a family of databases. See `statement_pattern.ts` for how patterns are written. */
export interface DialectRecipes {
  /** Patterns that others refer to. */
  readonly named: NamedPatterns;
  /** Statements that begin sessions, any of them, as often as one likes. */
  readonly session: readonly string[];
  /** Statements that end sessions. */
  readonly teardown: readonly string[];
  /** Health probes. */
  readonly health: readonly string[];
  /** The target, where it is not there. */
  readonly create: Steps;
  /** A row template of an INSERT. */
  readonly row: string;
  /** The ways to load, by mode; a mode without any cannot be planned. */
  readonly recipes: Readonly<Record<WriteMode, readonly Recipe[]>>;
  /** What the manifest of a plugin may ask for beside all this. */
  readonly words: DialectWords;
}

/** Why a plan is refused. */
export interface Refusal {
  /** The phase and the statement. */
  readonly at: string;
  /** What is wrong with it, for people. */
  readonly why: string;
  /** How it would be right, in lines for whoever wrote the plugin. */
  readonly lesson?: () => readonly string[];
}

/** Statements that stand outside of loads. */
export type SessionPhase = "session" | "teardown" | "health";

const NO_COLUMNS: Pick<Shape, "columns"> = { columns: [] };

/** What is wrong with a statement, and how far it was right. */
export interface Fault {
  readonly at: string;
  readonly why: string;
  /** The statement; absent where it is missing. */
  readonly sql?: string;
  /** What it was compared with; absent where none may stand. */
  readonly step?: CompiledStep;
  /** Of its tokens, those that fit. */
  readonly fitting: number;
  /** What could stand behind those. */
  readonly expected: readonly string[];
}

/** Holds a plan, whose templates were checked, to the recipes of its mode. */
export function refusalOf(plan: Plan, shape: Shape, dialect: DialectRecipes): Refusal | undefined {
  const { create, row, recipes, named } = compiledRecipes(dialect);
  const refused = (fault: Fault, shown: RecipeShown): Refusal => ({
    at: fault.at,
    why: fault.why,
    lesson: () => lessonOf(fault, shown, { shape, named }),
  });
  const created = stepsFault(plan.create, create, { phase: "create", shape });
  if (created) {
    const steps = create.map((step, i) => ({ at: `create[${i}]`, step }));
    return refused(created, { title: "The statement that creates a table", steps });
  }
  const templated = faultOf(plan.write.row, row, { at: "insert.row", shape });
  if (templated) {
    return refused(templated, {
      title: "The template of a row",
      steps: [{ at: "insert.row", step: row }],
    });
  }
  const faults = new Map<CompiledRecipe, Fault>();
  for (const recipe of recipes[shape.mode]) {
    const fault = recipeFault(plan, recipe, shape);
    if (!fault) return undefined;
    faults.set(recipe, fault);
  }
  const nearest = nearestOf(plan, [...faults.keys()], shape);
  if (!nearest) return { at: "mode", why: `no plan of this dialect can ${shape.mode}` };
  const which = faults.size === 1 ? "The recipe" : `The nearest of ${faults.size} recipes`;
  return refused(faults.get(nearest)!, {
    title: `${which} for mode ${shape.mode}`,
    steps: stepsOf(nearest),
  });
}

/** Holds a statement outside of loads to the patterns of its phase. */
export function sessionRefusal(
  sql: string,
  phase: SessionPhase,
  { dialect, at }: { readonly dialect: DialectRecipes; readonly at: string },
): Refusal | undefined {
  const { outside, named } = compiledRecipes(dialect);
  const faults: Fault[] = [];
  for (const step of outside[phase]) {
    const fault = faultOf(sql, step, { at, shape: NO_COLUMNS });
    if (!fault) return undefined;
    faults.push(fault);
  }
  const fault = togetherOf(faults, sql) ?? unexpected(sql, { at, columnCount: 0 });
  const title = `What may stand in phase ${phase}`;
  const steps = outside[phase].map((step) => ({ at: phase, step }));
  const lesson = () => lessonOf(fault, { title, steps }, { shape: NO_COLUMNS, named });
  return { at, why: fault.why, lesson };
}

/** Of several statements that could stand, what the farthest fits say together. */
function togetherOf(faults: readonly Fault[], sql: string): Fault | undefined {
  const fitting = Math.max(...faults.map((fault) => fault.fitting));
  const farthest = faults.filter((fault) => fault.fitting === fitting);
  const [first] = farthest;
  const tokens = tokensIn(sql, 0);
  if (!first || farthest.length === 1 || typeof tokens === "string") return first;
  const expected = [...new Set(farthest.flatMap((fault) => fault.expected))];
  return { ...first, expected, why: misfitAt(tokens, fitting, expected).message };
}

function stepsOf({ steps, write }: CompiledRecipe): RecipeShown["steps"] {
  return PHASES.flatMap((phase) => [
    ...(phase === "merge" ? [{ at: "insert.sql", step: write }] : []),
    ...steps[phase].map((step, i) => ({ at: `${phase}[${i}]`, step })),
  ]);
}

function recipeFault(plan: Plan, recipe: CompiledRecipe, shape: Shape): Fault | undefined {
  for (const phase of PHASES) {
    // The write stands where it is run: once rows are staged, and before they are merged.
    if (phase === "merge") {
      const fault = faultOf(plan.write.sql, recipe.write, { at: "insert.sql", shape });
      if (fault) return fault;
    }
    const fault = stepsFault(plan[phase], recipe.steps[phase], { phase, shape });
    if (fault) return fault;
  }
  return undefined;
}

function stepsFault(
  statements: readonly string[],
  steps: readonly CompiledStep[],
  { phase, shape }: { readonly phase: StatementPhase | "create"; readonly shape: Shape },
): Fault | undefined {
  let next = 0;
  /** How the statement misses each of the steps that it could be. */
  let missed: Fault[] = [];
  for (const step of steps) {
    const sql = statements[next];
    const at = `${phase}[${next}]`;
    const fault = sql === undefined ? missing(step, at, shape) : faultOf(sql, step, { at, shape });
    if (!fault) {
      next++;
      missed = [];
    } else if (sql !== undefined) missed.push(fault);
    if (fault && !step.optional) return missed.length > 1 ? nearestFault(missed, shape) : fault;
  }
  const extra = statements[next];
  if (extra === undefined) return undefined;
  const none = unexpected(extra, { at: `${phase}[${next}]`, columnCount: shape.columns.length });
  // What begins in another way than all that may be left out, and is known to do harm, is none of that.
  const isOther = phase !== "create" && none.hazard !== undefined &&
    missed.every(({ fitting }) => fitting === 0);
  return missed.length > 0 && !isOther ? nearestFault(missed, shape) : none;
}

/** Of several steps that a statement could be, that of which the least would have to be changed. */
function nearestFault(faults: readonly Fault[], shape: Pick<Shape, "columns">): Fault {
  const compare = new Comparison(shape);
  const costs = faults.map(({ sql = "", step }) => compare.statement(sql, step));
  return faults[costs.indexOf(Math.min(...costs))]!;
}

/** Words of a statement that are shown where none may stand. */
const SHOWN_TOKENS = 3;

function unexpected(
  sql: string,
  { at, columnCount }: { readonly at: string; readonly columnCount: number },
): Fault & { readonly hazard?: string | undefined } {
  const tokens = tokensIn(sql, columnCount);
  if (typeof tokens === "string") return { at, why: tokens, sql, fitting: 0, expected: [] };
  const shown = tokens.slice(0, SHOWN_TOKENS).map(shownToken).join(" ").slice(0, 100);
  const hazard = hazardOf(tokens.find((token) => hazardOf(token) !== undefined));
  const why = `no statement may stand there, and ${shown} does${hazard ? `: ${hazard}` : ""}`;
  return { at, why, sql, fitting: 0, expected: [], hazard };
}

function missing(step: CompiledStep, at: string, shape: Pick<Shape, "columns">): Fault {
  const expected = misfitOf([], step.pattern, shape)?.expected ?? [];
  const why = `a statement is missing: one that begins with ${expected[0]}`;
  return { at, why, step, fitting: 0, expected };
}

function faultOf(
  sql: string,
  step: CompiledStep,
  { at, shape }: { readonly at: string; readonly shape: Pick<Shape, "columns"> },
): Fault | undefined {
  const tokens = tokensIn(sql, shape.columns.length);
  if (typeof tokens === "string") return { at, why: tokens, sql, fitting: 0, expected: [] };
  const misfit = misfitOf(tokens, step.pattern, shape);
  if (!misfit) return undefined;
  const { at: fitting, message, expected } = misfit;
  return { at, why: message, sql, step, fitting, expected };
}
