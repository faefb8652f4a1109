/** The families whose plans are attacked and fuzzed: all but those that say why they are not yet. */
import { ALL_FAMILIES } from "./families.ts";
import type { PlanFamily } from "./plan_family.ts";

/** What is known of the plans of each, by the family's name. */
export const PLAN_FAMILIES: ReadonlyMap<string, PlanFamily> = new Map(
  await Promise.all(
    ALL_FAMILIES.flatMap(({ name, plans }) =>
      "untried" in plans ? [] : [plans().then((known) => [name, known] as const)]
    ),
  ),
);

/** Those of one family. @throws {Error} where there are none */
export function plansOf(name: string): PlanFamily {
  const found = PLAN_FAMILIES.get(name);
  if (!found) throw new Error(`The plans of ${name} are not tried`);
  return found;
}
