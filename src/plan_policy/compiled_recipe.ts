/** Recipes with their patterns read: once for each dialect, when its first plan is checked. */
import type { WriteMode } from "../model/batch.ts";
import type { DialectRecipes, Recipe, SessionPhase, Steps } from "./recipes.ts";
import { parsePattern, type StatementPattern } from "./statement_pattern.ts";

/** Phases of a plan that have statements of their own, in the order in which they are checked. */
export const PHASES = ["prepare", "stage", "merge", "finish"] as const;

/** A phase of a plan. */
export type StatementPhase = typeof PHASES[number];

/** What one statement has to be. */
export interface CompiledStep {
  /** As it is written in the recipe. */
  readonly text: string;
  readonly pattern: StatementPattern;
  /** Whether it may be left out. */
  readonly optional: boolean;
}

/** One way to load. */
export interface CompiledRecipe {
  readonly steps: Readonly<Record<StatementPhase, readonly CompiledStep[]>>;
  readonly write: CompiledStep;
}

/** What plans of a dialect may do. */
export interface CompiledDialect {
  readonly named: DialectRecipes["named"];
  readonly outside: Readonly<Record<SessionPhase, readonly CompiledStep[]>>;
  readonly create: readonly CompiledStep[];
  readonly row: CompiledStep;
  readonly recipes: Readonly<Record<WriteMode, readonly CompiledRecipe[]>>;
}

const compiled = new WeakMap<DialectRecipes, CompiledDialect>();

/** The recipes of a dialect, read. */
export function compiledRecipes(dialect: DialectRecipes): CompiledDialect {
  let found = compiled.get(dialect);
  if (!found) compiled.set(dialect, found = compileAnew(dialect));
  return found;
}

function compileAnew({ named, recipes, words: _, ...dialect }: DialectRecipes): CompiledDialect {
  const step = (written: string): CompiledStep => {
    const text = written.replace(/^\?/, "");
    return { text, pattern: parsePattern(text, named), optional: text !== written };
  };
  const steps = (texts: Steps = []) => texts.map(step);
  const recipe = (given: Recipe): CompiledRecipe => ({
    steps: {
      prepare: steps(given.prepare),
      stage: steps(given.stage),
      merge: steps(given.merge),
      finish: steps(given.finish),
    },
    write: step(given.write),
  });
  return {
    named,
    outside: {
      session: steps(dialect.session),
      teardown: steps(dialect.teardown),
      health: steps(dialect.health),
    },
    create: steps(dialect.create),
    row: step(dialect.row),
    recipes: {
      append: recipes.append.map(recipe),
      upsert: recipes.upsert.map(recipe),
      replace: recipes.replace.map(recipe),
    },
  };
}
