/**
 * What plans of a dialect may do: recipes, by mode, of which each plan has to follow one from its first
 * statement to its last. Words alone keep a plugin from other tables; recipes keep it from ruining its
 * own, and from losing or doubling rows on their way.
 */
import type { Plan } from "../plugin_api/plan.ts";
import type { Shape, WriteMode } from "../model/batch.ts";
import {
  misfitOf,
  type NamedPatterns,
  parsePattern,
  type StatementPattern,
} from "./statement_pattern.ts";
import { parseTemplate } from "./slot.ts";
import { LoadError } from "../model/errors.ts";
import { hazardOf } from "./hazard.ts";
import { shownToken, type Token, tokensOf } from "./token.ts";

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
}

/** Why a plan is refused. */
export interface Refusal {
  /** The phase and the statement. */
  readonly at: string;
  /** What is wrong with it, for people. */
  readonly why: string;
}

/** Statements that stand outside of loads. */
export type SessionPhase = "session" | "teardown" | "health";

type CompiledSteps = readonly { readonly pattern: StatementPattern; readonly optional: boolean }[];

interface CompiledRecipe {
  readonly steps: Readonly<Record<StatementPhase, CompiledSteps>>;
  readonly write: StatementPattern;
}

interface CompiledDialect {
  readonly outside: Readonly<Record<SessionPhase, readonly StatementPattern[]>>;
  readonly create: CompiledSteps;
  readonly row: StatementPattern;
  readonly recipes: Readonly<Record<WriteMode, readonly CompiledRecipe[]>>;
}

type StatementPhase = typeof PHASES[number];
const PHASES = ["prepare", "stage", "merge", "finish"] as const;
const NO_COLUMNS: Pick<Shape, "columns"> = { columns: [] };

const compiled = new WeakMap<DialectRecipes, CompiledDialect>();

/** Holds a plan, whose templates were checked, to the recipes of its mode. */
export function refusalOf(plan: Plan, shape: Shape, dialect: DialectRecipes): Refusal | undefined {
  const { create, row, recipes } = compile(dialect);
  const { write } = plan;
  const first = stepsRefusal(plan.create, create, { phase: "create", shape }) ??
    fault(write.row, row, { at: "insert.row", shape });
  if (first) return first.refusal;
  let best: Progress | undefined;
  for (const recipe of recipes[shape.mode]) {
    const failed = recipeRefusal(plan, recipe, shape);
    if (!failed) return undefined;
    if (!best || failed.progress > best.progress) best = failed;
  }
  return best?.refusal ?? { at: "mode", why: `no plan of this dialect can ${shape.mode}` };
}

/** Holds a statement outside of loads to the patterns of its phase. */
export function sessionRefusal(
  sql: string,
  phase: SessionPhase,
  { dialect, at }: { readonly dialect: DialectRecipes; readonly at: string },
): Refusal | undefined {
  const patterns = compile(dialect).outside[phase];
  let best: Progress | undefined;
  for (const pattern of patterns) {
    const failed = fault(sql, pattern, { at, shape: NO_COLUMNS });
    if (!failed) return undefined;
    if (!best || failed.progress > best.progress) best = failed;
  }
  return best?.refusal ?? { at, why: unexpected(sql, 0) };
}

/** How far something got, and why no further. */
interface Progress {
  /** Statements that fit, and behind the point the share of the next one that did. */
  readonly progress: number;
  readonly refusal: Refusal;
}

function recipeRefusal(plan: Plan, recipe: CompiledRecipe, shape: Shape): Progress | undefined {
  let done = 0;
  const { write } = plan;
  for (const phase of PHASES) {
    // The write stands where it is run: once rows are staged, and before they are merged.
    if (phase === "merge") {
      const failed = fault(write.sql, recipe.write, { at: "insert.sql", shape });
      if (failed) return { ...failed, progress: done + failed.progress };
      done++;
    }
    const failed = stepsRefusal(plan[phase], recipe.steps[phase], { phase, shape });
    if (failed) return { ...failed, progress: done + failed.progress };
    done += plan[phase].length;
  }
  return undefined;
}

function stepsRefusal(
  statements: readonly string[],
  steps: CompiledSteps,
  { phase, shape }: { readonly phase: StatementPhase | "create"; readonly shape: Shape },
): Progress | undefined {
  let next = 0;
  for (const { pattern, optional } of steps) {
    const sql = statements[next];
    const at = `${phase}[${next}]`;
    const failed = sql === undefined
      ? { progress: 0, refusal: { at, why: missing(pattern, shape) } }
      : fault(sql, pattern, { at, shape });
    if (!failed) next++;
    else if (!optional) return { ...failed, progress: next + failed.progress };
  }
  if (next === statements.length) return undefined;
  const last = steps.at(-1);
  const at = `${phase}[${next}]`;
  const failed = last && next === 0
    ? fault(statements[0]!, last.pattern, { at, shape })
    : undefined;
  return failed ??
    { progress: next, refusal: { at, why: unexpected(statements[next]!, shape.columns.length) } };
}

/** Words of a statement that are shown where none may stand. */
const SHOWN_TOKENS = 3;

function unexpected(sql: string, columnCount: number): string {
  const tokens = tokensIn(sql, columnCount);
  if (typeof tokens === "string") return tokens;
  const shown = tokens.slice(0, SHOWN_TOKENS).map(shownToken).join(" ").slice(0, 100);
  const known = hazardOf(tokens.find((token) => hazardOf(token) !== undefined));
  return `no statement may stand there, and ${shown} does${known ? `: ${known}` : ""}`;
}

function missing(pattern: StatementPattern, shape: Pick<Shape, "columns">): string {
  const [begins] = misfitOf([], pattern, shape)?.expected ?? [];
  return `a statement is missing: one that begins with ${begins}`;
}

/** A statement's tokens, or what is wrong with its slots or signs. */
function tokensIn(sql: string, columnCount: number): readonly Token[] | string {
  try {
    return tokensOf(parseTemplate(sql, columnCount));
  } catch (error) {
    if (error instanceof LoadError) return error.message;
    throw error;
  }
}

function fault(
  sql: string,
  pattern: StatementPattern,
  { at, shape }: { readonly at: string; readonly shape: Pick<Shape, "columns"> },
): Progress | undefined {
  const tokens = tokensIn(sql, shape.columns.length);
  if (typeof tokens === "string") return { progress: 0, refusal: { at, why: tokens } };
  const misfit = misfitOf(tokens, pattern, shape);
  if (!misfit) return undefined;
  return {
    progress: misfit.at / (tokens.length + 1),
    refusal: { at, why: misfit.message },
  };
}

function compile(dialect: DialectRecipes): CompiledDialect {
  let found = compiled.get(dialect);
  if (!found) compiled.set(dialect, found = compileAnew(dialect));
  return found;
}

function compileAnew({ named, recipes, ...dialect }: DialectRecipes): CompiledDialect {
  const patterns = (texts: readonly string[]) => texts.map((text) => parsePattern(text, named));
  const steps = (texts: Steps = []): CompiledSteps =>
    texts.map((text) => ({
      pattern: parsePattern(text.replace(/^\?/, ""), named),
      optional: text.startsWith("?"),
    }));
  const recipe = (given: Recipe): CompiledRecipe => ({
    steps: {
      prepare: steps(given.prepare),
      stage: steps(given.stage),
      merge: steps(given.merge),
      finish: steps(given.finish),
    },
    write: parsePattern(given.write, named),
  });
  return {
    outside: {
      session: patterns(dialect.session),
      teardown: patterns(dialect.teardown),
      health: patterns(dialect.health),
    },
    create: steps(dialect.create),
    row: parsePattern(dialect.row, named),
    recipes: {
      append: recipes.append.map(recipe),
      upsert: recipes.upsert.map(recipe),
      replace: recipes.replace.map(recipe),
    },
  };
}
