/** Plans that a database's own verifier has passed, so that it is not asked again while nothing changes. */
import { planShape } from "../../../src/model/batch.ts";
import type { PlannerOptions } from "../planner.ts";

/** Passed plans, each with its shape, as text. For one family, and for as long as a program runs. */
export type KnownPlans = Set<string>;

/** A driver whose verifier is asked only about plans that are new. */
export function withKnownPlans(
  driver: PlannerOptions["driver"],
  known: KnownPlans,
): PlannerOptions["driver"] {
  const { family, dialect } = driver;
  return {
    ...{ family, dialect },
    grammar: async () => {
      const verifier = await driver.grammar();
      return {
        async refusalOf(plan, shape, words) {
          // How large a batch is changes nothing of what its statements do.
          const { batch: _, ...statements } = plan;
          const key = JSON.stringify([family, statements, planShape(shape), words]);
          if (known.has(key)) return undefined;
          const refusal = await verifier.refusalOf(plan, shape, words);
          if (!refusal) known.add(key);
          return refusal;
        },
      };
    },
  };
}
