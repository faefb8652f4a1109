/** The benchmark of loading works: everything of ours takes part, on few rows, into every database. */
import { assert, assertArrayIncludes, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { DATABASES } from "../../bench/load/dataset.ts";
import type { MatchResult } from "../../bench/load/result.ts";
import { ALL_FAMILIES, FAMILIES } from "../families/families.ts";

const BENCHMARK = fromFileUrl(new URL("../../bench/load/run.ts", import.meta.url));
const KEPT = fromFileUrl(new URL("../../.cache/bench_load/results/load.json", import.meta.url));
const ROWS = 2_000;

const missing = ALL_FAMILIES.filter((family) => !FAMILIES.includes(family)).map(({ name }) => name);

for (const database of DATABASES.filter((name) => !missing.includes(name))) {
  Deno.test(`the load benchmark: ${database}: all tables are the same, and each is timed`, async () => {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", BENCHMARK, "--into", database],
        ...["--rows", String(ROWS), "--rounds", "1", "--only", "snakepipe"],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const { matches } = JSON.parse(await Deno.readTextFile(KEPT)) as { matches: MatchResult[] };
    assert(matches.length > 0);
    for (const { dataset, contestants } of matches) {
      const timed = contestants.filter(({ kind, side }) =>
        kind === "measured" && side !== "others"
      );
      assertArrayIncludes(timed.map(({ side }) => side), ["ours", "reference"], dataset);
      const absent = contestants.filter(({ kind }) => kind === "absent");
      assertEquals(absent.filter(({ side }) => side !== "reference"), []);
    }
  });
}
