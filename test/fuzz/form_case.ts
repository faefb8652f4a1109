import { misfitOf } from "../../src/plan_policy/pattern_match.ts";
import { parsePattern } from "../../src/plan_policy/statement_pattern.ts";
import { parseTemplate } from "../../src/plan_policy/slot.ts";
import { tokensOf } from "../../src/plan_policy/token.ts";
import { LoadError } from "../../src/model/errors.ts";
import type { Random } from "../crash/random.ts";
import type { CaseReport } from "./case_report.ts";
import { dialectOf, FAMILIES, type Family } from "./family.ts";
import { derived } from "./pattern_derivation.ts";
import type { PlanSeed } from "./plan_seed.ts";
import { mutateStatement } from "./statement_mutation.ts";

/** One form that is none, or a statement beside a form that was not made for it. */
export function formCase(
  random: Random,
  { seeds }: { readonly seeds: readonly PlanSeed[] },
): CaseReport {
  const family = random.oneOf(FAMILIES);
  const text = mutateStatement(random.oneOf(formsOf(family)), random);
  const { shape, plan } = random.oneOf(seeds);
  const sql = mutateStatement(plan.write.sql, random);
  const began = performance.now();
  const findings: string[] = [];
  let outcome = "form, read";
  try {
    const form = parsePattern(text, dialectOf(family).named);
    const tokens = tokensOf(parseTemplate(sql, shape.columns.length));
    if (typeof tokens !== "string") misfitOf(tokens, form, shape);
    const own = tokensOf(parseTemplate(derived(form, random, shape), shape.columns.length));
    if (typeof own !== "string") misfitOf(own, form, shape);
  } catch (error) {
    const typed = error instanceof SyntaxError ||
      (error instanceof LoadError && error.code === "plan_refused");
    outcome = "form, refused";
    if (!typed) findings.push(`threw ${(error as Error)?.stack ?? error}`);
  }
  const shown = () => JSON.stringify({ family, text, sql });
  return { outcome, findings, slowestMs: performance.now() - began, shown };
}

/** Every form of a family, as it is written. */
function formsOf(family: Family): readonly string[] {
  const { recipes, named, session, health, create, row } = dialectOf(family);
  const all = Object.values(recipes).flat().flatMap((recipe) => [
    ...recipe.prepare ?? [],
    ...recipe.stage ?? [],
    recipe.write,
    ...recipe.merge ?? [],
    ...recipe.finish ?? [],
  ]);
  return [...all, ...Object.values(named), ...session, ...health, ...create, row];
}
