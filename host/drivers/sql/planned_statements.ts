/** The statements of a plan as they are sent, for a parser that has the second word on each. */
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { Refusal } from "../../../src/plan_policy/recipes.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import { insertText } from "./insert_text.ts";
import { render } from "./names.ts";
import type { SqlWords } from "./words.ts";

/** Where a statement of a plan stands. */
export type Phase = "create" | "prepare" | "stage" | "write" | "merge" | "finish";

/** Rows of an INSERT whose text is looked at: every further one is like the second. */
export const ROWS = 2;

/**
 * What is against a plan, by what is against its statements, the first of which counts; `why` gives a
 * clause about the one that stands there as number `index` of its phase.
 */
export function refusalOf(
  plan: Plan,
  { words, names }: { readonly words: SqlWords; readonly names: SlotNames },
  why: (sql: string, phase: Phase, index: number) => string | undefined,
): Refusal | undefined {
  for (const phase of ["create", "prepare", "stage", "merge", "finish"] as const) {
    for (const [i, sql] of plan[phase].entries()) {
      const clause = why(render(sql, names), phase, i);
      if (clause !== undefined) return { at: `${phase}[${i}]`, why: clause };
    }
  }
  const clause = why(insertText(words, plan.write, names).text(ROWS), "write", 0);
  return clause === undefined ? undefined : { at: "insert.sql", why: clause };
}
