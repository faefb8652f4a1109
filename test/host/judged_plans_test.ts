/** Plans that were judged: remembered from one process to the next, and only those. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { JUDGED_FILE, JudgedPlans } from "../../host/judged_plans.ts";
import { Planner } from "../../host/sandbox/planner.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import type { CheckedPlan } from "../../src/loader/plan_cache.ts";
import { LoadError, type Shape } from "../../mod.ts";
import { builtPlugin, settingsOf } from "../support/built_plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/check/sample_shape.ts";
import { withFolder } from "../support/target.ts";

const plugin = await builtPlugin("postgresql");
const SHAPE = sampleShape(SAMPLE_COLUMNS["one key"]!, "append");

/** Plans for a shape; what the parser says of it is counted, or put in its place. */
async function plan(
  judged: JudgedPlans,
  { shape = SHAPE, says }: { readonly shape?: Shape; readonly says?: string } = {},
): Promise<{ readonly asked: number; readonly checked: CheckedPlan }> {
  const { family, dialect, grammar } = await loadDriver("postgres");
  let asked = 0;
  const counted = async () => {
    const { refusalOf } = await grammar();
    return {
      refusalOf: (...about: Parameters<typeof refusalOf>) => {
        asked++;
        return says === undefined ? refusalOf(...about) : { at: "create[0]", why: says };
      },
    };
  };
  const driver = { family, dialect, grammar: counted };
  const planner = await Planner.open(plugin, { settings: settingsOf(plugin), driver, judged });
  try {
    return {
      checked: await planner.plan(shape),
      get asked() {
        return asked;
      },
    };
  } finally {
    await planner.close();
    await judged.recorded();
  }
}

Deno.test("judged plans: the parser is asked about a plan once, also in another process", () =>
  withFolder(async (folder) => {
    assertEquals((await plan(new JudgedPlans(folder))).asked, 1);
    const again = new JudgedPlans(folder);
    assertEquals((await plan(again)).asked, 0);
    assertEquals((await plan(again)).asked, 0);
  }));

Deno.test("judged plans: another table, column or mode is asked about anew", () =>
  withFolder(async (folder) => {
    const judged = new JudgedPlans(folder);
    await plan(judged);
    for (
      const shape of [
        { ...SHAPE, table: { name: "another" } },
        { ...SHAPE, table: { ...SHAPE.table, schema: "another" } },
        { ...SHAPE, columns: SHAPE.columns.map((column) => ({ ...column, name: "another" })) },
        { ...SHAPE, mode: "upsert" } as const,
      ]
    ) {
      assertEquals((await plan(judged, { shape })).asked, 1);
    }
  }));

Deno.test("judged plans: what was refused is not remembered", () =>
  withFolder(async (folder) => {
    const judged = new JudgedPlans(folder);
    for (let i = 0; i < 2; i++) {
      await assertRejects(() => plan(judged, { says: "no" }), LoadError, "create[0]: no");
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    plugin.faults.forget();
  }));

Deno.test("judged plans: without a folder they are remembered for as long as the host lives", async () => {
  const judged = new JudgedPlans();
  assertEquals([(await plan(judged)).asked, (await plan(judged)).asked], [1, 0]);
});

Deno.test("judged plans: the newest are kept", () =>
  withFolder(async (folder) => {
    const file = join(folder, JUDGED_FILE);
    const line = (i: number) => i.toString(16).padStart(64, "0");
    await Deno.writeTextFile(
      file,
      Array.from({ length: 6_000 }, (_, i) => `${line(i)}\n`).join(""),
    );
    await plan(new JudgedPlans(folder));
    const kept = (await Deno.readTextFile(file)).trimEnd().split("\n");
    assertEquals(kept.length, 4_096);
    assert(!kept.includes(line(1_904)) && kept.includes(line(5_999)));
    assertEquals((await plan(new JudgedPlans(folder))).asked, 0);
  }));
