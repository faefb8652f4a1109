/**
 * Statements outside of loads carry no slot, so the patterns let few of them stand: all of them, for the
 * databases' own parsers to read. None does more than to set what a session may set, or to probe.
 */
import type { DialectRecipes } from "../../src/plan_policy/recipes.ts";
import { parsePattern, type StatementPattern } from "../../src/plan_policy/statement_pattern.ts";

/** Numbers that stand for all that a pattern lets stand. */
function numbers(valueMin = 0, valueMax = Number.MAX_SAFE_INTEGER): string[] {
  return [String(valueMin), String(valueMin + 1), String(valueMax)];
}

/** Every statement that fits a pattern, but for its numbers. */
function sentences(form: StatementPattern): string[] {
  switch (form.kind) {
    case "word":
    case "sign":
      return [form.text];
    case "number":
      return form.value === undefined
        ? numbers(form.valueMin, form.valueMax)
        : [String(form.value)];
    case "sequence":
      return form.parts.map(sentences).reduce(
        (heads, tails) => heads.flatMap((head) => tails.map((tail) => `${head} ${tail}`.trim())),
        [""],
      );
    case "either":
      return form.parts.flatMap(sentences);
    case "optional":
      return ["", ...sentences(form.part)];
    case "slot":
    case "each":
    case "plain":
      throw new Error(`A ${form.kind} where there is no table`);
  }
}

/** Every statement that a dialect lets stand outside of loads. */
export function statementsOf({ session, teardown, health, named }: DialectRecipes): string[] {
  return [...session, ...teardown, ...health].flatMap((text) =>
    sentences(parsePattern(text, named))
  );
}
