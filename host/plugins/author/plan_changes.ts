/** What has changed in the plans of a plugin from one build to the next. */
import type { Plan } from "../../../src/plugin_api/plan.ts";

/** The plans of a build, by the question that they answer. */
export type Plans = ReadonlyMap<string, Plan>;

/** What has changed in one plan. */
export interface PlanChange {
  /** What the plugin was asked, in words. */
  readonly question: string;
  /** Lines that are gone, each with its place. */
  readonly gone: readonly string[];
  /** Lines that have come. */
  readonly come: readonly string[];
}

/** Every plan that is not as it was, in the order of the questions; a plan that failed has no lines. */
export function planChanges(before: Plans, after: Plans): readonly PlanChange[] {
  const questions = new Set([...before.keys(), ...after.keys()]);
  return [...questions].map((question): PlanChange => {
    const was = planLines(before.get(question));
    const is = planLines(after.get(question));
    return {
      question,
      gone: was.filter((line) => !is.includes(line)),
      come: is.filter((line) => !was.includes(line)),
    };
  }).filter(({ gone, come }) => gone.length + come.length > 0);
}

/** A plan, each statement with its place; none where there is no plan. */
export function planLines(plan: Plan | undefined): string[] {
  if (!plan) return [];
  const phases = ["create", "prepare", "stage", "merge", "finish"] as const;
  return [
    ...phases.flatMap((phase) => plan[phase].map((sql, i) => `${phase}[${i}]: ${sql}`)),
    `insert.sql: ${plan.write.sql}`,
    `insert.row: ${plan.write.row}`,
    `rows a statement: ${plan.write.rowsMax}`,
    `batch: ${plan.batch.rowsMax} rows, ${plan.batch.bytesMax} bytes`,
  ];
}
