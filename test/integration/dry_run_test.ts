/** What a load would do is shown, and nothing is touched: no table, no ledger, no file. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { copyPlugins, filesOf, hashOf, stateOf } from "../support/untouched.ts";
import { type Target, TARGET_KINDS } from "../support/target.ts";
import { ProgramFolder, rowsText } from "./cli/program.ts";

for (const kind of TARGET_KINDS) {
  const isFile = kind.family.startServer === undefined;
  const config = ({ type, config: { url, ...settings } }: Target, more = {}) =>
    JSON.stringify({ backends: { main: { type, url, ...settings, ...more } }, default: "main" });

  Deno.test(`dry run: ${kind.name}: of a new table, nothing is made`, () =>
    kind.use(async (target) => {
      await using place = await ProgramFolder.create({
        "rows.ndjson": rowsText(10),
        "snakepipe.jsonc": config(target),
      });
      const args = ["load", "rows.ndjson", "--table", "t", "--key", "id", "--dry-run", "--json"];
      const own = ["--plugins", "plugins"];
      const rejects = ["--max-rejects", "1", "--rejects", "r.ndjson", "--audit", "a.ndjson"];
      const files = await filesOf(place.folder);
      await copyPlugins(place.path("plugins"));
      const plugins = await filesOf(place.path("plugins"));
      const before = await stateOf(target, ["t"]);
      for (const mode of ["append", "upsert", "replace"]) {
        const { status, out, err } = await place.run([...args, "--mode", mode, ...rejects, ...own]);
        assertEquals(status, 0, err);
        const preview = JSON.parse(out);
        assertEquals([preview.state, preview.there, preview.ledger.rows], ["previewed", false, 0]);
        assertEquals(
          preview.columns.map(({ name, type, nullable, key, because }: never) => [
            name,
            type,
            nullable,
            key,
            because,
          ]),
          [
            ["id", "int64", false, true, "inferred from the first 10 rows"],
            ["name", "text", true, false, "inferred from the first 10 rows"],
          ],
        );
        const phases = preview.statements.map(({ phase }: { phase: string }) => phase);
        assert(phases.includes("write") && (mode === "replace" || phases.includes("create")), out);
        const all = JSON.stringify(preview.statements);
        assert(!/\{(table|col|rows|columns|staging)/.test(all), all);
        assertEquals(preview.transactions.about, 1);
      }
      assertEquals(await stateOf(target, ["t"]), before);
      assert(!before.there.includes("t"));
      assertEquals(await filesOf(place.folder), files);
      assertEquals(await filesOf(place.path("plugins")), plugins);
    }));

  Deno.test(`dry run: ${kind.name}: of a load that goes on, the ledger is read and nothing changes`, () =>
    kind.use(async (target) => {
      await using place = await ProgramFolder.create({
        "rows.ndjson": rowsText(10),
        "snakepipe.jsonc": config(target),
      });
      const args = ["load", "rows.ndjson", "--table", "t", "--batch-rows", "4"];
      assertEquals((await place.run(args)).status, 0);
      await Deno.writeTextFile(place.path("rows.ndjson"), rowsText(12));
      const before = await stateOf(target, ["t"]);
      const { status, out, err } = await place.run([...args, "--dry-run", "--json"]);
      assertEquals(status, 0, err);
      const preview = JSON.parse(out);
      assertEquals(
        [preview.there, preview.ledger.rows, preview.ledger.batches, preview.earlier.complete],
        [true, 10, 3, true],
      );
      assertEquals(preview.columns[0].because, "the table has it");
      assertEquals(await stateOf(target, ["t"]), before);
      const human = await place.run([...args, "--dry-run"]);
      assertStringIncludes(human.out, "10 rows of 3 batches would be held against the source");
      assertStringIncludes(human.out, "Nothing was changed");
      // What a dry run says is what happens.
      const loaded = JSON.parse((await place.run([...args, "--json"])).out);
      assertEquals([loaded.skipped, loaded.committed, loaded.load.id], [10, 2, preview.earlier.id]);
    }));

  Deno.test(`dry run: ${kind.name}: what the load would refuse, it refuses`, () =>
    kind.use(async (target) => {
      await using place = await ProgramFolder.create({
        "rows.ndjson": rowsText(2),
        "other.ndjson": '{"id":1,"colour":"red"}\n',
        "snakepipe.jsonc": config(target),
      });
      assertEquals((await place.run(["load", "rows.ndjson", "--table", "t"])).status, 0);
      const before = await stateOf(target, ["t"]);
      const args = ["load", "other.ndjson", "--table", "t", "--dry-run"];
      const { status, err } = await place.run(args);
      assertEquals(status, 2);
      assertStringIncludes(err, "lacks columns that the source has: colour");
      assertEquals(await stateOf(target, ["t"]), before);
    }));

  if (!isFile) continue;
  Deno.test(`dry run: ${kind.name}: a file that is not there is not made, one that is stays as it is`, () =>
    kind.use(async ({ type, config: { url } }) => {
      await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(10) });
      const to = `${url.slice(0, url.indexOf(":"))}:new.db`;
      const args = ["load", "rows.ndjson", "--to", to, "--table", "t"];
      const files = await filesOf(place.folder);
      const dry = await place.run([...args, "--dry-run", "--json"]);
      assertEquals([dry.status, JSON.parse(dry.out).backend], [0, type], dry.err);
      assertEquals(await filesOf(place.folder), files);
      assertEquals((await place.run(args)).status, 0);
      const filled = await filesOf(place.folder);
      assert("new.db" in filled);
      assertEquals((await place.run([...args, "--dry-run"])).status, 0);
      assertEquals(await filesOf(place.folder), filled);
    }));
}

Deno.test("dry run: a SQLite file with a write-ahead log stays as it is, and so does its log", async () => {
  await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
  const path = place.path("wal.db");
  const args = ["load", "rows.ndjson", "--to", "libsql:wal.db", "--table", "t"];
  assertEquals((await place.run([...args, "--set", "journalMode=wal"])).status, 0);
  const closed = await filesOf(place.folder);
  assertEquals((await place.run([...args, "--dry-run"])).status, 0);
  assertEquals(await filesOf(place.folder), closed);
  using other = new DatabaseSync(path);
  other.exec("INSERT INTO t (id, name) VALUES (9, 'of somebody else')");
  const before = [await hashOf(path), await hashOf(`${path}-wal`)];
  const dry = await place.run([...args, "--dry-run", "--json"]);
  assertEquals([dry.status, JSON.parse(dry.out).ledger.rows], [0, 3], dry.err);
  assertEquals([await hashOf(path), await hashOf(`${path}-wal`)], before);
});

Deno.test("dry run: all loads of a configuration are shown, whatever they come after", async () => {
  await using place = await ProgramFolder.create({
    "rows.ndjson": rowsText(3),
    "snakepipe.jsonc": `{ "backends": { "a": { "type": "libsql", "url": "libsql:a.db" } },
      "default": "a", "loads": {
        "one": { "source": "rows.ndjson", "table": "one", "after": "two" },
        "two": { "source": "gone.ndjson", "table": "two" } } }`,
  });
  const { status, out, err } = await place.run(["run", "--dry-run"]);
  assertEquals(status, 2);
  assertStringIncludes(out, "append of rows.ndjson to one, which would be made");
  assertStringIncludes(err, "two: No such file: gone.ndjson");
  const { state, loads } = JSON.parse((await place.run(["run", "--dry-run", "--json"])).out);
  assertEquals([state, loads.map((load: { state: string }) => load.state)], ["previewed", [
    "failed",
    "previewed",
  ]]);
  assertEquals([...Deno.readDirSync(place.folder)].length, 2);
});
