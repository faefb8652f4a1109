/** Which of several recipes a plan follows best, though it follows none. */
import type { Shape } from "../model/batch.ts";
import type { Plan } from "../plugin_api/plan.ts";
import { type CompiledRecipe, type CompiledStep, PHASES } from "./compiled_recipe.ts";
import { alignmentOf } from "./pattern_alignment.ts";
import { type Loops, loopsOf } from "./pattern_match.ts";
import { tokensIn } from "./token.ts";

/** Statements of a phase that are compared: no recipe has as many. */
const COMPARED_MAX = 4;
/** Cells of a comparison: there are dozens of them, and no recipe's own statement takes more. */
const CELLS_MAX = 20_000;
/** What a statement differs by that is too long to be compared: more than any other. */
const UNKNOWN_COST = 1_000;

/** The recipe for which the least of a plan would have to be changed; of several, the first. */
export function nearestOf(
  plan: Plan,
  recipes: readonly CompiledRecipe[],
  shape: Shape,
): CompiledRecipe | undefined {
  if (recipes.length < 2) return recipes[0];
  const costs = recipes.map((recipe) => planCost(plan, recipe, shape));
  return recipes[costs.indexOf(Math.min(...costs))];
}

function planCost(plan: Plan, { steps, write }: CompiledRecipe, shape: Shape): number {
  const compare = new Comparison(shape);
  return compare.statement(plan.write.sql, write) +
    PHASES.reduce((sum, phase) => sum + compare.phase(plan[phase], steps[phase]), 0);
}

/** What would have to be changed of statements, in tokens. */
export class Comparison {
  readonly #columnCount: number;
  readonly #loops: Loops;

  /** For a shape, whose columns the loops of patterns are at. */
  constructor(shape: Pick<Shape, "columns">) {
    this.#columnCount = shape.columns.length;
    this.#loops = loopsOf(shape);
  }

  /** Statements against steps, in their order: what is missing and what is too much costs its tokens. */
  phase(statements: readonly string[], steps: readonly CompiledStep[]): number {
    const [sql, ...rest] = statements;
    const [step, ...later] = steps;
    if (sql === undefined || step === undefined || statements.length > COMPARED_MAX) {
      return [
        ...statements.map((one) => this.statement(one, undefined)),
        ...steps.map((one) => one.optional ? 0 : this.statement("", one)),
      ].reduce((sum, cost) => sum + cost, 0);
    }
    return Math.min(
      this.statement(sql, step) + this.phase(rest, later),
      (step.optional ? 0 : this.statement("", step)) + this.phase(statements, later),
      this.statement(sql, undefined) + this.phase(rest, steps),
    );
  }

  /** One statement against a step; without one, all of it is too much. */
  statement(sql: string, step: CompiledStep | undefined): number {
    const tokens = tokensIn(sql, this.#columnCount);
    if (typeof tokens === "string") return UNKNOWN_COST;
    if (!step) return tokens.length;
    return alignmentOf(tokens, step.pattern, this.#loops, CELLS_MAX)?.cost ?? UNKNOWN_COST;
  }
}
