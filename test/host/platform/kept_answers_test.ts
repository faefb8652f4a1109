/** What plugins have answered: kept from one process to the next, and held to the policy each time. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { KEPT_FILE, KeptAnswers, type Question } from "../../../host/platform/kept_answers.ts";
import { loadDriver } from "../../../host/drivers/load_driver.ts";
import { KeptPlans } from "../../../host/plugins/kept_plans.ts";
import { admitPlugin, type Plugin } from "../../../host/plugins/sandbox/plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../../host/plugins/check/sample_shape.ts";
import type { CheckedPlan, SessionPlan } from "../../../src/load/plan_cache.ts";
import { NO_GRANTS } from "../../../src/plan_policy/grant.ts";
import { LoadError, type Shape } from "../../../mod.ts";
import { builtPlugin, settingsOf } from "../../support/built_plugin.ts";
import { pluginThat } from "../../attack/module_attack.ts";
import { withFolder } from "../../support/target.ts";

const plugin = await builtPlugin("postgresql");
const SHAPE = sampleShape(SAMPLE_COLUMNS["one key"]!, "append");

/** What is asked of a plugin: how often it was opened, and its parser was asked. */
interface Asked {
  opened: number;
  parsed: number;
}

/** Plans of the plugin by what is kept; what the parser says of them may be put in its place. */
async function plansBy(
  kept: KeptAnswers,
  { settingsKey = "[]", says, by = plugin }: {
    readonly settingsKey?: string;
    readonly says?: string;
    readonly by?: Plugin;
  } = {},
): Promise<Asked & { readonly plans: KeptPlans }> {
  const { family, dialect, grammar } = await loadDriver("postgres");
  const asked = { opened: 0, parsed: 0 };
  const counted = async () => {
    const { refusalOf } = await grammar();
    return {
      refusalOf: (...about: Parameters<typeof refusalOf>) => {
        asked.parsed++;
        return says === undefined ? refusalOf(...about) : { at: "create[0]", why: says };
      },
    };
  };
  const plans = new KeptPlans({
    plugin: {
      ...by,
      open: (log) => {
        asked.opened++;
        return by.open(log);
      },
    },
    settings: settingsOf(by),
    settingsKey,
    driver: { family, dialect, grammar: counted },
    kept,
  });
  return Object.assign(asked, { plans });
}

async function plan(
  kept: KeptAnswers,
  { shape = SHAPE, ...options }: { readonly shape?: Shape } & Parameters<typeof plansBy>[1] = {},
): Promise<Asked & { readonly checked: CheckedPlan }> {
  const asked = await plansBy(kept, options);
  try {
    const checked = await asked.plans.plan(shape);
    return { opened: asked.opened, parsed: asked.parsed, checked };
  } finally {
    await kept.recorded();
  }
}

/** Changes the answers in a folder's file, as JSON. */
async function change(folder: string, by: (answer: string) => string): Promise<void> {
  const file = join(folder, KEPT_FILE);
  const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
  const changed = lines.map((line) => `${line.slice(0, 65)}${by(line.slice(65))}\n`).join("");
  assert(changed !== `${lines.join("\n")}\n`, "nothing was changed");
  await Deno.writeTextFile(file, changed);
}

Deno.test("kept plans: plugin and parser are asked about a shape once, also in another process", () =>
  withFolder(async (folder) => {
    const first = await plan(new KeptAnswers(folder));
    assertEquals([first.opened, first.parsed], [1, 1]);
    const again = new KeptAnswers(folder);
    for (let i = 0; i < 2; i++) {
      const { opened, parsed, checked } = await plan(again);
      assertEquals([opened, parsed, checked], [0, 0, first.checked]);
    }
  }));

Deno.test("kept plans: other settings, another table, column or mode are asked about again", () =>
  withFolder(async (folder) => {
    const kept = new KeptAnswers(folder);
    await plan(kept);
    const other = { settingsKey: '[["lockTimeout",1]]' };
    assertEquals((await plan(kept, other)).opened, 1);
    for (
      const shape of [
        { ...SHAPE, table: { name: "another" } },
        { ...SHAPE, table: { ...SHAPE.table, schema: "another" } },
        { ...SHAPE, columns: SHAPE.columns.map((column) => ({ ...column, name: "another" })) },
        { ...SHAPE, mode: "upsert" } as const,
      ]
    ) {
      const { opened, parsed } = await plan(kept, { shape });
      assertEquals([opened, parsed], [1, 1]);
    }
  }));

Deno.test("kept plans: what was refused is not kept", () =>
  withFolder(async (folder) => {
    const kept = new KeptAnswers(folder);
    for (let i = 0; i < 2; i++) {
      await assertRejects(() => plan(kept, { says: "no" }), LoadError, "create[0]: no");
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    plugin.faults.forget();
  }));

Deno.test("kept plans: one that the policy would refuse is not taken, and the plugin is asked", () =>
  withFolder(async (folder) => {
    const { checked } = await plan(new KeptAnswers(folder));
    for (
      const by of [
        (answer: string) => answer.replace("CREATE TABLE", "DROP TABLE"),
        (answer: string) => answer.replace("INSERT INTO {table}", "INSERT INTO pg_authid"),
        (answer: string) => answer.replace('"create":', '"created":'),
        () => '"another answer"',
        () => "{",
      ]
    ) {
      await change(folder, by);
      const again = await plan(new KeptAnswers(folder));
      assertEquals([again.opened, again.checked], [1, checked]);
    }
    assertEquals(plugin.faults.count, 0);
  }));

Deno.test("kept plans: a plugin that is quarantined is not asked by what it has said before", async () => {
  const kept = new KeptAnswers();
  await plan(kept);
  try {
    for (let i = 0; i < 3; i++) plugin.faults.add("it is tried");
    const error = await assertRejects(() => plan(kept), LoadError);
    assertEquals(error.code, "plugin_quarantined");
  } finally {
    plugin.faults.forget();
  }
});

Deno.test("kept sessions: asked for once, and held to the policy", () =>
  withFolder(async (folder) => {
    const sessions = async (): Promise<[number, SessionPlan]> => {
      const kept = new KeptAnswers(folder);
      const asked = await plansBy(kept);
      const planned = await asked.plans.sessions();
      await kept.recorded();
      return [asked.opened, planned];
    };
    const [opened, planned] = await sessions();
    assertEquals(opened, 1);
    assertEquals(await sessions(), [0, planned]);
    await change(folder, (answer) => answer.replace('"session":[', '"session":["DROP TABLE t",'));
    assertEquals(await sessions(), [1, planned]);
    await change(
      folder,
      (answer) => answer.replace('"probe":"', '"probe":"SELECT pg_sleep(9) -- '),
    );
    assertEquals(await sessions(), [1, planned]);
  }));

Deno.test("kept manifests: what the bytes import is looked at before an instance is made", () =>
  withFolder(async (folder) => {
    const bytes = pluginThat({ capabilities: ["batch_column_name"] });
    const grants = new Set(["batch_column_name"] as const);
    const kept = new KeptAnswers(folder);
    const admit = (
      by: KeptAnswers,
      granted: Parameters<typeof admitPlugin>[1]["grants"] = grants,
    ) => admitPlugin(bytes, { file: "p.wasm", grants: granted, kept: by });
    const first = await admit(kept);
    await kept.recorded();
    // Another grant is another question.
    await assertRejects(() => admit(kept, NO_GRANTS), LoadError, "not granted to this plugin");
    const [line] = (await Deno.readTextFile(join(folder, KEPT_FILE))).split("\n");
    assertEquals(JSON.parse(line!.slice(65)), { imports: first.imports, manifest: first.manifest });
  }));

Deno.test("kept answers: without a folder they are kept for as long as the host lives", async () => {
  const kept = new KeptAnswers();
  assertEquals([(await plan(kept)).opened, (await plan(kept)).opened], [1, 0]);
});

Deno.test("kept answers: the newest are kept, and none that is large", () =>
  withFolder(async (folder) => {
    const question = (i: number): Question => ["plan", `${i}`];
    const kept = new KeptAnswers(folder);
    for (let i = 0; i < 40; i++) await kept.add(question(i), "x".repeat(50_000));
    await kept.add(question(40), "x".repeat(70_000));
    await kept.recorded();
    const { size } = await Deno.stat(join(folder, KEPT_FILE));
    assert(size > 950_000 && size <= 1024 * 1024, `${size} bytes`);
    const again = new KeptAnswers(folder);
    const there = await Promise.all(
      [0, 19, 20, 39, 40].map(async (i) => await again.get(question(i)) !== undefined),
    );
    assertEquals(there, [false, false, true, true, false]);
  }));
