import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ProgramFolder, rowsText, toWords } from "./program.ts";
import { TARGET_KINDS } from "../../support/target.ts";

interface Told {
  readonly loads: readonly Record<string, unknown>[];
  readonly more: boolean;
}

// deno-lint-ignore no-control-regex -- control characters are what it looks for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/;

for (const kind of TARGET_KINDS) {
  Deno.test(`loads, ${kind.name}: what was loaded is told, the newest first, and nothing is made`, () =>
    kind.use(async (target) => {
      await using program = await ProgramFolder.create({
        "a.ndjson": rowsText(25),
        "b.ndjson": `${rowsText(3)}{"id":3,\n{"id":4,"name":"y"}\n`,
      });
      const to = toWords(target.config);
      const show = async (...args: string[]): Promise<Told> => {
        const { status, out, err } = await program.run(["loads", ...to, "--json", ...args]);
        assertEquals(status, 0, err);
        return JSON.parse(out);
      };
      assertEquals(await show(), { ...await show(), loads: [], more: false });
      const none = await program.run(["loads", ...to]);
      assertEquals([none.status, none.out], [0, "Nothing was loaded\n"]);
      const batches = ["--batch-rows", "10"];
      const load = await program.run(["load", "a.ndjson", ...to, ...batches, "--table", "people"]);
      assertEquals(load.status, 0, load.err);
      const rejects = ["--max-rejects", "1", "--rejects", "r.ndjson"];
      const second = ["load", "b.ndjson", ...to, "--table", "other", ...rejects];
      const outcome = await program.run(second);
      assertEquals(outcome.status, 0, outcome.err);
      const failed = await program.run(["load", "b.ndjson", ...to, "--table", "people"]);
      assertEquals(failed.status, 3);
      const { loads, more } = await show();
      assertEquals(more, false);
      const figures = loads.map((load) =>
        ["table", "source", "state", "mode", "batches", "read", "committed", "rejected"].map((
          key,
        ) => load[key])
      );
      assertEquals(figures, [
        ["people", "b.ndjson", "failed", "append", 0, 0, 0, 0],
        ["other", "b.ndjson", "complete", "append", 1, 5, 4, 1],
        ["people", "a.ndjson", "complete", "append", 3, 25, 25, 0],
      ]);
      for (const { startedAt, finishedAt, committedAt } of loads.slice(1)) {
        const times = [startedAt, committedAt, finishedAt].map(String);
        for (const time of times) assertMatch(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/);
        assertEquals(times.toSorted(), times);
        assert(Math.abs(Date.parse(times[0]!) - Date.now()) < 3_600_000, `${times[0]} is in UTC`);
      }
      const newest = await show("--limit", "1");
      assertEquals([newest.loads.length, newest.more], [1, true]);
      const people = await show("--table", "people");
      assertEquals(people.loads.map(({ source }) => source), ["b.ndjson", "a.ndjson"]);
      const { out } = await program.run(["loads", ...to, "--limit", "2"]);
      assertMatch(out, /^BEGAN +TOOK +STATE +MODE +TABLE/);
      assertStringIncludes(out, "The newest 2 loads; there are more, which --limit N shows");
    }));
}

Deno.test("loads: names of tables and sources can do nothing to a terminal, and are exact as JSON", async () => {
  const table = '"<script>\u001b[2Jx\u202e\u009b"';
  const source = "a\u001b]0;x\u0007\nb.ndjson";
  await using program = await ProgramFolder.create({ [source]: rowsText(1) });
  const to = ["--to", "libsql:t.db"];
  const load = await program.run(["load", source, ...to, "--table", table]);
  assertEquals(load.status, 0, load.err);
  const shown = await program.run(["loads", ...to]);
  for (const line of shown.out.split("\n")) assert(!CONTROLS.test(line), JSON.stringify(line));
  assertStringIncludes(shown.out, "a\\u{1b}]0;x\\u{7}\\u{a}b.ndjson");
  const told = await program.run(["loads", ...to, "--json"]);
  for (const line of told.out.split("\n")) assert(!CONTROLS.test(line), JSON.stringify(line));
  const [only] = (JSON.parse(told.out) as Told).loads;
  assertEquals([only!.table, only!.source], [table.slice(1, -1), source]);
});

Deno.test("loads: a file that is not there is not made", async () => {
  await using program = await ProgramFolder.create();
  const outcome = await program.run(["loads", "--to", "libsql:none.db"]);
  assertEquals([...Deno.readDirSync(program.folder)].map(({ name }) => name), []);
  assertEquals(outcome.out, "Nothing was loaded\n");
});
