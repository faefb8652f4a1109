/** Asks a plugin everything that it will be asked, without a database. */
import type { PluginWord } from "../../../src/model/backend.ts";
import type { Manifest } from "../../../src/plugin_api/manifest.ts";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { PlanQuestion } from "../../../src/model/plan_question.ts";
import { WRITE_MODES, type WriteMode } from "../../../src/model/batch.ts";
import { parse } from "../../../src/config/parse.ts";
import { compileConfigSchema, mergeConfigSchemas } from "../../../src/model/config_schema.ts";
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import type { CheckedPlan } from "../../../src/load/plan_cache.ts";
import type { Grants } from "../../../src/plan_policy/grant.ts";
import { loadDriver } from "../../drivers/load_driver.ts";
import { readPluginFile } from "../store/store.ts";
import { checkWords, pluginWords } from "../plan_rules.ts";
import { Planner } from "../planner.ts";
import { type KnownPlans, withKnownPlans } from "./known_plans.ts";
import { admitPlugin, type Plugin } from "../sandbox/plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "./sample_shape.ts";

/** One question, and what came of it. */
export interface CheckStep {
  /** What was asked, in words. */
  readonly question: string;
  /** What it answered, or why it says that it cannot; absent where it failed. */
  readonly answer?: string;
  /** What is wrong with the answer, or that there was none. */
  readonly problem?: string;
}

/** What a check has found. */
export interface PluginCheck {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly imports: readonly string[];
  readonly manifest: Manifest;
  /** Words of SQL that the manifest asks for. */
  readonly words: readonly PluginWord[];
  readonly steps: readonly CheckStep[];
  /** The plans that pass, by the question. */
  readonly plans: ReadonlyMap<string, Plan>;
}

/** What a plugin is checked with. */
export interface CheckOptions {
  /** What it may import beyond what every plugin may. */
  readonly grants: Grants;
  /** Its settings; those that are not named have their defaults. */
  readonly settings: (manifest: Manifest) => Readonly<Record<string, unknown>>;
  /** Plans that were passed before, to which those that pass are added; none by default. */
  readonly known?: KnownPlans;
}

/** How questions for a plan begin. */
const PLANNING = "write_batch";
/** A code that no driver knows. */
const UNKNOWN_CODE = "ZZ999";
/** What a probe might bring. */
const PROBE_ANSWER = { latencyMs: 1, text: "1" };

/**
 * Lets the file in as a host would, and asks on, whatever it answers.
 *
 * @throws {LoadError} what is wrong with the file or the settings
 */
export async function checkPlugin(file: string, options: CheckOptions): Promise<PluginCheck> {
  const plugin = await admitted(file, options.grants);
  // What no question would tell: whether there is a driver, and whether its settings leave room.
  const driver = await loadDriver(plugin.manifest.driver);
  mergeConfigSchemas(driver.config, plugin.manifest.config);
  checkWords(plugin, driver);
  const settings = options.settings(plugin.manifest);
  const steps: CheckStep[] = [];
  const plans = new Map<string, Plan>();
  const ask = async (question: string, act: (planner: Planner) => Promise<string>) => {
    try {
      steps.push({ question, answer: await asked(plugin, settings, act, options.known) });
    } catch (error) {
      if (!(error instanceof LoadError) || !concerns(error)) throw error;
      // That it cannot plan a shape is an answer, where it says so itself.
      const declined = question.startsWith(PLANNING) && error.code === "plugin_failed" &&
        plugin.faults.count === 0;
      steps.push({ question, [declined ? "answer" : "problem"]: messageOf(error) });
    }
    // Each question stands for itself: what went wrong is not held against the next one.
    plugin.faults.forget();
  };
  const { modes } = plugin.manifest.capabilities;
  await ask("connect", async (planner) => said(await planner.session()));
  await ask("close", async (planner) => said(await planner.teardown()));
  await ask("health_check", (planner) => planner.healthProbe());
  await ask("health_check of an answer", (planner) => planner.judgeHealth(PROBE_ANSWER));
  await ask(`classify_error of ${UNKNOWN_CODE}`, (planner) => planner.classify(UNKNOWN_CODE));
  for (const mode of WRITE_MODES.filter((mode) => modes.includes(mode))) {
    for (const [name, shape] of shapesFor(mode)) {
      const question = `${PLANNING}: ${mode}, ${name}`;
      await ask(question, async (planner) => {
        const { plan, hash } = await planner.plan(shape);
        plans.set(question, plan);
        return `plan ${hash.slice(0, 12)}`;
      });
    }
  }
  const { sha256, bytes, imports, manifest } = plugin;
  return { file, sha256, bytes, imports, manifest, words: pluginWords(plugin), steps, plans };
}

/**
 * Asks a plugin again what it was asked when a load failed.
 *
 * @throws {LoadError} `plugin_refused` if the file is not the one that was asked, and whatever it fails
 * with, as it did then
 */
export async function replayPlan(
  file: string,
  question: PlanQuestion,
  grants: Grants,
): Promise<CheckedPlan> {
  const plugin = await admitted(file, grants);
  const { sha256 } = question.plugin;
  if (plugin.sha256 !== sha256) {
    throw new LoadError(
      `Another file was asked than ${file}: sha256 ${sha256}, and not ${plugin.sha256}`,
      { code: "plugin_refused", blame: "config" },
    );
  }
  return await asked(plugin, question.settings, (planner) => planner.plan(question.shape));
}

async function admitted(file: string, grants: Grants): Promise<Plugin> {
  const stored = await readPluginFile(file);
  if ("error" in stored) throw stored.error;
  return await admitPlugin(stored.bytes, { file, grants });
}

async function asked<T>(
  plugin: Plugin,
  given: Readonly<Record<string, unknown>>,
  act: (planner: Planner) => Promise<T>,
  known: KnownPlans = new Set(),
): Promise<T> {
  const settings = parse(compileConfigSchema(plugin.manifest.config), given, {
    what: `The settings of plugin ${plugin.manifest.name}`,
    code: "config_invalid",
    blame: "config",
  });
  const driver = await loadDriver(plugin.manifest.driver);
  const planner = await Planner.open(plugin, { settings, driver: withKnownPlans(driver, known) });
  try {
    return await act(planner);
  } finally {
    await planner.close();
  }
}

/** Whether an error is about the plugin: what it says, or what it has not been granted. */
function concerns({ blame, code }: LoadError): boolean {
  return blame === "plugin" || code === "plan_refused";
}

function shapesFor(mode: WriteMode) {
  return Object.entries(SAMPLE_COLUMNS)
    .filter(([, columns]) => mode !== "upsert" || columns.some(({ key }) => key))
    .map(([name, columns]) => [name, sampleShape(columns, mode)] as const);
}

function said(statements: readonly string[]): string {
  return statements.join("; ") || "nothing";
}
