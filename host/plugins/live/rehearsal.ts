/**
 * Asks a plugin, before it takes another's place, for what the other has planned: a plugin that cannot
 * plan what is loaded does not take the place.
 */
import { safeParse } from "valibot";
import type { PlanCache, SessionPlan } from "../../../src/load/plan_cache.ts";
import { tableLabel } from "../../../src/model/batch.ts";
import { compileConfigSchema, type Config } from "../../../src/model/config_schema.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import { loadDriver } from "../../drivers/load_driver.ts";
import type { KeptAnswers } from "../../platform/kept_answers.ts";
import { type PlanChange, planChanges } from "../author/plan_changes.ts";
import { KeptPlans } from "../kept_plans.ts";
import { keyOfPlan, keyOfSessions, keyOfSettings, type PlannedShape } from "../planned_shape.ts";
import type { Plugin } from "../sandbox/plugin.ts";

/** What was planned until now, by whom ever. */
export interface PlannedBefore {
  readonly plans: PlanCache<PlannedShape>;
  readonly sessions: PlanCache<SessionPlan>;
  readonly kept: KeptAnswers;
}

/** What came of it. */
export interface Rehearsal {
  /** Plans that it was asked for. */
  readonly asked: number;
  /** Those of them that are not what they were. */
  readonly changes: readonly PlanChange[];
}

/**
 * Asks a plugin for the plans that the one of that hash has made last, and keeps them for the loads to
 * come. Settings that it does not take are those of a configuration that has to follow it: of these it
 * is asked nothing.
 *
 * @throws {LoadError} what a load would throw that needs such a plan
 */
export async function rehearse(
  plugin: Plugin,
  predecessor: string,
  { plans, sessions, kept }: PlannedBefore,
): Promise<Rehearsal> {
  const driver = await loadDriver(plugin.manifest.driver);
  const before = new Map<string, Plan>();
  const after = new Map<string, Plan>();
  const planners = new Map<string, KeptPlans>();
  const plannerOf = async (settings: Config) => {
    const settingsKey = keyOfSettings(settings);
    const known = planners.get(settingsKey);
    if (known) return known;
    const planner = new KeptPlans({ plugin, driver, kept, settings, settingsKey });
    await sessions.get(keyOfSessions(plugin, settingsKey), () => planner.sessions());
    planners.set(settingsKey, planner);
    return planner;
  };
  const own = settingsFor(plugin, {});
  if (own) await plannerOf(own);
  const inUse = plans.newest().filter((planned) => planned.plugin === predecessor);
  for (const { settings: given, shape, plan } of inUse.slice(0, LIMITS.rehearsedPlansMax)) {
    const settings = settingsFor(plugin, given);
    if (!settings) continue;
    const planner = await plannerOf(settings);
    const key = keyOfPlan(plugin, keyOfSettings(settings), shape);
    const made = await plans.get(key, async () => {
      return { ...await planner.plan(shape), plugin: plugin.sha256, settings, shape };
    });
    const question = `${shape.mode} into ${tableLabel(shape.table)} with ` +
      `${
        shape.columns.map(({ name, type, key }) => `${name} ${type}${key ? " key" : ""}`).join(", ")
      }`;
    before.set(question, plan);
    after.set(question, made.plan);
  }
  return { asked: after.size, changes: planChanges(before, after) };
}

/** Settings of another plugin as this one takes them; undefined where it does not. */
function settingsFor({ manifest }: Plugin, given: Config): Config | undefined {
  const known = Object.entries(given)
    .filter(([name]) => Object.hasOwn(manifest.config.properties, name))
    // Its schema makes a secret of it again.
    .map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]);
  const { success, output } = safeParse(
    compileConfigSchema(manifest.config),
    Object.fromEntries(known),
  );
  return success ? output : undefined;
}
