/** The benchmark of loading works: everything of ours takes part, on few rows, into every database. */
import { assert, assertArrayIncludes, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { DATABASES, DATASET_NAMES } from "../../bench/load/dataset.ts";
import type { ComparisonResult } from "../../bench/load/result.ts";
import { ALL_FAMILIES, FAMILIES } from "../families/families.ts";

const BENCHMARK = fromFileUrl(new URL("../../bench/load/run.ts", import.meta.url));
const KEPT = fromFileUrl(new URL("../../.cache/bench_load/results/load.json", import.meta.url));

const missing = ALL_FAMILIES.filter((family) => !FAMILIES.includes(family)).map(({ name }) => name);

Deno.test("the load benchmark: all tables are the same, and each is timed", async (t) => {
  const databases = DATABASES.filter((name) => !missing.includes(name));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", BENCHMARK, "--short", "--built"],
      ...["--into", databases.join()],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { comparisons } = JSON.parse(await Deno.readTextFile(KEPT)) as {
    comparisons: ComparisonResult[];
  };
  for (const database of databases) {
    await t.step(
      database,
      () => checkComparisons(comparisons.filter((m) => m.database === database)),
    );
  }
  assertArrayIncludes(comparisons.map(({ dataset }) => dataset), [...DATASET_NAMES]);
});

function checkComparisons(comparisons: readonly ComparisonResult[]): void {
  assert(comparisons.length > 0);
  for (const { dataset, competitors } of comparisons) {
    const timed = competitors.filter(({ kind }) => kind === "measured");
    assertArrayIncludes(timed.map(({ side }) => side), ["ours", "reference"], dataset);
    const absent = competitors.filter(({ kind }) => kind === "absent");
    assertEquals(absent.filter(({ side }) => side !== "reference"), []);
  }
}
