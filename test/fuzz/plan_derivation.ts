/** Whole plans as the recipes of a dialect allow them, at random. */
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { Shape } from "../../src/model/batch.ts";
import type { DialectRecipes, Recipe, Steps } from "../../src/plan_policy/recipes.ts";
import { parsePattern } from "../../src/plan_policy/statement_pattern.ts";
import type { Random } from "../crash/random.ts";
import { derived } from "./pattern_derivation.ts";

interface Derivation {
  readonly dialect: DialectRecipes;
  readonly shape: Shape;
  readonly random: Random;
}

/** A plan that the dialect is to accept; undefined where no plan of it has this mode. */
export function derivedPlan(way: Derivation): Plan | undefined {
  const { dialect, shape, random } = way;
  const recipes = dialect.recipes[shape.mode];
  if (recipes.length === 0) return undefined;
  const recipe = random.oneOf(recipes);
  return {
    create: steps(dialect.create, way),
    prepare: steps(recipe.prepare, way),
    stage: steps(recipe.stage, way),
    merge: steps(recipe.merge, way),
    finish: steps(recipe.finish, way),
    batch: { rowsMax: 1 + random.below(100_000), bytesMax: 1 + random.below(2 ** 24) },
    write: write(recipe, way),
  };
}

/** A statement of one of these forms. */
export function statementOf(form: string, { dialect, shape, random }: Derivation): string {
  return derived(parsePattern(form, dialect.named), random, shape);
}

function steps(forms: Steps = [], way: Derivation): string[] {
  return forms.filter((form) => !form.startsWith("?") || way.random.below(3) > 0)
    .map((form) => statementOf(form.replace(/^\?/, ""), way));
}

function write(recipe: Recipe, way: Derivation): Plan["write"] {
  const { random, dialect } = way;
  const sql = statementOf(recipe.write, way);
  const rowsMax = 1 + random.below(65_535);
  // A row has its ordinal where the statement names it, and nowhere else.
  const ordinal = sql.includes("{ordinal}");
  let row: string;
  do row = statementOf(dialect.row, way); while (row.includes("{ordinal}") !== ordinal);
  return { sql, row, rowsMax };
}
