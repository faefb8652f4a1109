/** Plans that are in order: those of the plugins of this repository, and those of the tests of attacks. */
import type { Plan } from "../../src/plugin_api/plan.ts";
import { type Column, type Shape, WRITE_MODES, type WriteMode } from "../../src/model/batch.ts";
import { planOf } from "../attack/statement_attack.ts";
import { familyOf } from "../families/families.ts";
import { askPlugin, builtPlugin } from "../support/built_plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/plugins/check/sample_shape.ts";
import { FAMILIES, type Family } from "./family.ts";

/** A plan, and what it was made for. */
export interface PlanSeed {
  readonly family: Family;
  readonly shape: Shape;
  readonly plan: Plan;
}

/** The table that attacks are for. */
const ATTACKED: readonly Column[] = ["id", "a", "b"].map((name, i) => ({
  name,
  type: i === 0 ? "int64" : "text",
  nullable: i > 0,
  key: i === 0,
}));

/** Every plan that there is. */
export async function planSeeds(): Promise<readonly PlanSeed[]> {
  const seeds: PlanSeed[] = [];
  for (const family of FAMILIES) {
    const plugin = await builtPlugin(familyOf(family).plugin);
    for (const mode of WRITE_MODES) {
      for (const columns of Object.values(SAMPLE_COLUMNS)) {
        if (mode === "upsert" && !columns.some(({ key }) => key)) continue;
        const shape = sampleShape(columns, mode);
        const { plan } = await askPlugin(plugin, (planner) => planner.plan(shape));
        seeds.push({ family, shape, plan });
      }
      seeds.push(attacked(family, mode));
    }
  }
  return seeds;
}

function attacked(family: Family, mode: WriteMode): PlanSeed {
  const plan = planOf({ family, mode, plan: {} });
  return { family, shape: sampleShape(ATTACKED, mode), plan };
}
