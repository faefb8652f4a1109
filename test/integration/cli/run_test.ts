import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { relative } from "@std/path";
import { TARGET_KINDS } from "../../support/target.ts";
import { runQueue } from "../../../host/cli/loads/load_queue.ts";
import { worst } from "../../../host/cli/output/exit_status.ts";
import { LOAD_OPTIONS } from "../../../host/cli/options/option_specs.ts";
import { settingOf } from "../../../host/cli/options/option_values.ts";
import { LOAD_SETTINGS } from "../../../src/config/load_settings.ts";
import { ProgramFolder, rowsText } from "./program.ts";

/** Options of `load` that are the program's and not the load's. */
const OF_PROGRAM = [
  ...["config", "plugins", "locked", "audit", "json", "verbose", "quiet", "help"],
  ...["dry-run", "status", "token-file"],
];

const CONFIG = `{
  "default": "lite",
  "backends": { "lite": { "type": "libsql", "url": "libsql:lite.db" } },
  "loads": {
    "edges": { "source": "data/edges.csv", "after": "people" },
    "people": { "source": "data/people.ndjson", "mode": "upsert", "key": "id" },
    "broken": { "source": "data/gone.ndjson", "table": "gone" },
    "behind": { "source": "data/people.ndjson", "table": "behind", "after": ["broken"] },
    "last": { "source": "data/people.ndjson", "table": "last", "after": ["behind"] }
  }
}`;

async function folder(config = CONFIG): Promise<ProgramFolder> {
  const place = await ProgramFolder.create({ "snakepipe.jsonc": config });
  await Deno.mkdir(place.path("data"));
  await Deno.writeTextFile(place.path("data/people.ndjson"), rowsText(3));
  await Deno.writeTextFile(place.path("data/edges.csv"), "a,b\n1,2\n");
  return place;
}

Deno.test("run: settings of a load are the options of load, by their names", () => {
  const options = LOAD_OPTIONS.map(({ name }) => name).filter((name) => !OF_PROGRAM.includes(name));
  assertEquals(Object.keys(LOAD_SETTINGS).sort(), options.map(settingOf).sort());
});

Deno.test("run: loads come to their end in their order, and one that fails stops those behind it alone", async () => {
  await using place = await folder();
  const { status, out, err } = await place.run(["run", "--json"]);
  assertEquals(status, 2, err);
  const { state, loads, notes } = JSON.parse(out);
  assertEquals([state, notes], ["failed", []]);
  const brief = loads.map(({ name, state, committed, because, error }: Record<string, never>) => [
    name,
    state,
    committed ?? because,
    ...(error ? [(error as { code: string }).code] : []),
  ]);
  assertEquals(brief, [
    ["people", "complete", 3],
    ["edges", "complete", 1],
    ["broken", "failed", 0, "source_missing"],
    ["behind", "not_run", "broken"],
    ["last", "not_run", "behind"],
  ]);
  assertStringIncludes(err, "broken: No such file: data/gone.ndjson");
  assertEquals(place.query("lite.db", "SELECT count(*) FROM people"), [[3]]);
  assertEquals(place.query("lite.db", "SELECT a, b FROM edges"), [[1, 2]]);
  const tables = "SELECT name FROM sqlite_master WHERE name IN ('behind', 'last', 'gone')";
  assertEquals(place.query("lite.db", tables), []);
});

Deno.test("run: a table says what became of each load", async () => {
  await using place = await folder();
  const { status, out } = await place.run(["run"]);
  assertEquals(status, 2);
  const lines = out.trimEnd().split("\n");
  assertMatch(lines[0]!, /^LOAD +STATE +TABLE +BACKEND +COMMITTED +SKIPPED +REJECTED +TIME$/);
  assertMatch(lines[1]!, /^people +complete +people +libsql +3 +0 +0 +[0-9.]+m?s$/);
  assertMatch(lines[3]!, /^broken +failed +gone +- +0 /);
  assertMatch(lines[4]!, /^behind +not run +- /);
  assertMatch(lines[6]!, /^2 of 5 loads complete in /);
  assertStringIncludes(out, "behind was not run: broken is not complete, which it comes after");
  assertStringIncludes(out, "last was not run: behind is not complete, which it comes after");
});

Deno.test("run: a load goes on where it stopped, whoever ran it and wherever from", async () => {
  await using place = await folder();
  const run = ["run", "people", "--json"];
  assertEquals(JSON.parse((await place.run(run)).out).loads[0].committed, 3);
  const other = await ProgramFolder.create();
  await using _other = other;
  const path = relative(other.folder, place.path("snakepipe.jsonc"));
  const again = JSON.parse((await other.run([...run, "--config", path])).out).loads[0];
  assertEquals([again.state, again.committed, again.skipped], ["complete", 0, 3]);
  const args = ["load", "data/people.ndjson", "--mode", "upsert", "--key", "id", "--json"];
  const loaded = JSON.parse((await place.run(args)).out);
  assertEquals([loaded.committed, loaded.skipped, loaded.load.id], [0, 3, again.load.id]);
});

Deno.test("run: paths of options are told from where the program was started", async () => {
  await using place = await folder();
  await using other = await ProgramFolder.create();
  const path = relative(other.folder, place.path("snakepipe.jsonc"));
  const args = ["run", "people", "--config", path, "--audit", "audit.ndjson"];
  const { status, err } = await other.run(args);
  assertEquals(status, 0, err);
  assertStringIncludes(await Deno.readTextFile(other.path("audit.ndjson")), '"load_ended"');
  assertEquals(place.query("lite.db", "SELECT count(*) FROM people"), [[3]]);
});

Deno.test("run: loads that are named run alone, and a note says what they come after", async () => {
  await using place = await folder();
  const { status, out, err } = await place.run(["run", "edges"]);
  assertEquals(status, 0);
  assertMatch(out, /^edges +complete /m);
  assertEquals(/^people /m.test(out), false);
  assertStringIncludes(err, "edges comes after people, which was not named and was not run");
});

Deno.test("run: names that are none, and a configuration without loads, are refused", async () => {
  await using place = await folder();
  const unknown = await place.run(["run", "peple"]);
  assertEquals(unknown.status, 2);
  assertStringIncludes(unknown.err, "No load is named peple, did you mean people?");
  const jobs = await place.run(["run", "--jobs", "0"]);
  assertStringIncludes(jobs.err, "--jobs: Expected a whole number from 1 to 64");
  await using empty = await ProgramFolder.create();
  const none = await empty.run(["run"]);
  assertEquals(none.status, 2);
  assertStringIncludes(none.err, "The configuration has no loads");
});

Deno.test("run: a schedule is held to the words of cron", async () => {
  await using place = await folder(CONFIG.replace('"after": "people"', '"schedule": "61 3 * * *"'));
  const { status, err } = await place.run(["run"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "loads.edges.schedule: Expected a schedule in the words of cron");
  assert(!err.includes("CronPattern"), "it is told in words of ours");
  await Deno.writeTextFile(
    place.path("snakepipe.jsonc"),
    CONFIG.replace('"after": "people"', '"schedule": "0 3 * * *"'),
  );
  assertEquals((await place.run(["run", "edges"])).status, 0);
});

Deno.test("run: the status is the worst of the loads'", () => {
  assertEquals(worst([]), 0);
  assertEquals(worst([0, 3, 0]), 3);
  assertEquals(worst([3, 2, 0]), 2);
  assertEquals(worst([2, 1, 3]), 1);
  assertEquals(worst([1, 143]), 143);
});

Deno.test("run: no more loads are under way at once than may be", async () => {
  for (const jobs of [1, 2, 3]) {
    let [now, most] = [0, 0];
    const began: string[] = [];
    const endings = await runQueue<string>({
      after: new Map([["a", []], ["b", []], ["c", ["a"]], ["d", []], ["e", ["c", "d"]]]),
      jobs,
      signal: new AbortController().signal,
      run: async (name) => {
        began.push(name);
        most = Math.max(most, ++now);
        await Promise.resolve();
        now--;
        return { complete: true, result: name };
      },
    });
    assertEquals(most, jobs);
    assert(began.indexOf("c") > began.indexOf("a") && began.at(-1) === "e", began.join());
    assertEquals([...endings.keys()], ["a", "b", "c", "d", "e"]);
  }
});

Deno.test("run: after a signal no further load begins", async () => {
  const stop = new AbortController();
  const endings = await runQueue<string>({
    after: new Map([["a", []], ["b", []], ["c", ["b"]]]),
    jobs: 1,
    signal: stop.signal,
    run: (name) => {
      stop.abort();
      return Promise.resolve({ complete: true, result: name });
    },
  });
  assertEquals([...endings.values()].map(({ kind }) => kind), ["run", "not_run", "not_run"]);
});

for (const kind of TARGET_KINDS) {
  Deno.test(`run: ${kind.name}: four loads into one database at once are all complete`, () =>
    kind.use(async (target) => {
      const { url, ...settings } = target.config;
      const names = ["one", "two", "three", "four"];
      await using place = await ProgramFolder.create({
        "rows.ndjson": rowsText(5_000),
        "snakepipe.jsonc": JSON.stringify({
          backends: { main: { type: target.type, url, ...settings } },
          default: "main",
          loads: Object.fromEntries(
            names.map((table) => [table, { source: "rows.ndjson", table, batchRows: 500 }]),
          ),
        }),
      });
      const { status, err, out } = await place.run(["run", "--json"]);
      assertEquals(status, 0, err + out);
      for (const table of names) {
        const count = `SELECT ${target.textOf("count(*)")} AS n FROM ${table}`;
        assertEquals(await target.query(count), [{ n: "5000" }]);
      }
      const again = JSON.parse((await place.run(["run", "--json"])).out);
      const skipped = again.loads.map(({ committed, skipped }: Record<string, number>) => [
        committed,
        skipped,
      ]);
      assertEquals(skipped, names.map(() => [0, 5_000]));
    }));
}
