import type { Batch, Column, Shape } from "../../src/model/batch.ts";
import type { CheckedPlan } from "../../src/load/plan_cache.ts";
import type { KeyRules } from "../codec/key_bucket.ts";
import { groupRows, widest } from "../codec/row_groups.ts";
import type { BatchGroups, PlannedGroup } from "../drivers/driver.ts";
import { inTurns } from "../platform/in_turns.ts";

/** What plans are made by, and rows are gathered by. */
export interface GroupPlannerOptions extends KeyRules {
  /** The checked plan for a shape. @throws {LoadError} */
  plan(shape: Shape): Promise<CheckedPlan>;
}

/** Gathers the rows of a load's batches into groups, and plans for each of them. */
export class GroupPlanner {
  readonly #options: GroupPlannerOptions;

  /** Plans for the batches of one load. */
  constructor(options: GroupPlannerOptions) {
    this.#options = options;
  }

  /** The groups of a batch, which stays as it is. @throws {LoadError} what planning throws */
  async groupsOf(batch: Batch): Promise<BatchGroups> {
    const found = await inTurns(groupRows(batch, this.#options));
    const planned = new Map<readonly Column[], Promise<PlannedGroup>>();
    const planFor = (columns: readonly Column[]): Promise<PlannedGroup> => {
      const known = planned.get(columns);
      if (known) return known;
      const made = this.#plan({ ...batch.shape, columns });
      planned.set(columns, made);
      return made;
    };
    const groups: PlannedGroup[] = [];
    for (const { columns, rows } of found) {
      groups.push({ ...await planFor(columns), ...(rows ? { rows } : {}) });
    }
    return { groups, widest: await planFor(widest(batch)) };
  }

  async #plan(shape: Shape): Promise<PlannedGroup> {
    const { plan } = await this.#options.plan(shape);
    return { shape, plan };
  }
}
