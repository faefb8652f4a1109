/** `snakepipe serve`: loads that are paused, and resumed; plugins that are released. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { eventually } from "../../support/eventually.ts";
import { rowsFrom, ServeFolder } from "./serve_program.ts";

const ROWS = 60_000;
const SLOW = { batchRows: 300 };
/** Long enough that who waits for a lock still does when it is let go of. */
const file = (name: string) => ({ type: "libsql", url: `libsql:${name}`, busyTimeoutMs: 60_000 });

function idsOf(folder: ServeFolder, database: string, table: string): readonly number[] {
  const sql = `SELECT count(*), count(DISTINCT id) FROM "${table}"`;
  return folder.query(database, sql)[0] as number[];
}

Deno.test("serve pauses a load after what it has in hand, over a kill, until it is resumed", async () => {
  await using folder = await ServeFolder.create({
    backends: { file: file("out.db") },
    default: "file",
    loads: {
      rows: { source: "a.ndjson", table: "t", watch: true, schedule: "* * * * * *", ...SLOW },
    },
  });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, ROWS));
  let before: readonly number[];
  {
    await using serve = folder.serve();
    await serve.underWay("rows");
    assertEquals(await serve.post("/loads/rows/pause"), [
      202,
      '{"load":"rows","state":"paused"}\n',
    ]);
    const load = await serve.until("rows", "paused");
    assertEquals([load.last?.state, load.progress], ["cancelled", undefined]);
    before = idsOf(folder, "out.db", "t");
    assert(before[0]! > 0 && before[0]! < ROWS && before[0]! % 300 === 0, `${before[0]} rows`);
    const [status, answer] = await serve.post("/loads/rows/run");
    assertEquals(status, 409);
    assertStringIncludes(answer, "Load rows is paused: resume it first");
    assertEquals((await serve.post("/loads/rows/pause"))[0], 202, "once more");
    serve.kill();
    await serve.ended;
  }
  await using serve = folder.serve();
  const first = (await serve.until("rows", "paused")).next!;
  // It is due again and again, its files were looked at, and it was not at its end.
  await eventually("it was due", async () => (await serve.load("rows"))!.next! > first);
  assertEquals((await serve.load("rows"))?.state, "paused");
  assertEquals(idsOf(folder, "out.db", "t"), before);
  assertEquals(await serve.post("/loads/rows/resume"), [
    202,
    '{"load":"rows","state":"resumed"}\n',
  ]);
  await serve.until("rows", "complete");
  assertEquals(idsOf(folder, "out.db", "t"), [ROWS, ROWS]);
  assertEquals((await serve.stop()).code, 0);
  const { unfinished, paused } = JSON.parse(
    await Deno.readTextFile(folder.path("snakepipe.state")),
  );
  assertEquals([unfinished, paused], [{}, {}]);
});

Deno.test("serve: what comes after a load that is paused waits for it, and a pause goes with its load", async () => {
  const config = {
    backends: { file: file("out.db") },
    default: "file",
    loads: {
      parent: { source: "a.ndjson", table: "parent", ...SLOW },
      child: { source: "a.ndjson", table: "child", after: "parent" },
    },
  };
  await using folder = await ServeFolder.create(config);
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, ROWS));
  await using serve = folder.serve();
  assertEquals(await serve.run("parent"), 202);
  await serve.underWay("parent");
  assertEquals((await serve.post("/loads/parent/pause"))[0], 202);
  await serve.until("parent", "paused");
  assertEquals(await serve.run("child"), 202);
  const child = await serve.until("child", "failed");
  assertStringIncludes(child.detail!, "Load child comes after load parent, which is paused");
  // Other settings are the same load.
  const { parent, child: after } = config.loads;
  await folder.configure({
    ...config,
    loads: { parent: { ...parent, batchRows: 400 }, child: after },
  });
  await serve.says(/The configuration was read again/);
  assertEquals((await serve.load("parent"))?.state, "paused");
  assertEquals((await serve.post("/loads/parent/resume"))[0], 202);
  await serve.until("parent", "complete");
  await serve.until("child", "complete");
  assertEquals(idsOf(folder, "out.db", "child"), [ROWS, ROWS]);

  assertEquals((await serve.post("/loads/child/pause"))[0], 202);
  const { child: _, ...without } = config.loads;
  await folder.configure({ ...config, loads: without });
  const state = async () => JSON.parse(await Deno.readTextFile(folder.path("snakepipe.state")));
  await eventually("it is forgotten", async () => Object.keys((await state()).paused).length === 0);
});

Deno.test("serve pauses the targets of a load by value together, and one of several without a value alone", async () => {
  await using folder = await ServeFolder.create({
    backends: { file: file("out.db"), other: file("other.db") },
    default: "file",
    loads: {
      split: {
        ...{ source: "a.ndjson", table: "split", ...SLOW },
        to: { by: "id", values: { 1: "other", 3: "other" }, else: "file" },
      },
      fan: { source: "b.ndjson", table: "fan", to: ["file", "other"] },
    },
  });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, ROWS));
  await Deno.writeTextFile(folder.path("b.ndjson"), rowsFrom(0, 10));
  await using serve = folder.serve();
  assertEquals((await serve.post("/loads/fan%20to%20other/pause"))[0], 202);
  // Who asks for all of it asks for what is not paused.
  assertEquals(await serve.run("fan"), 202);
  await serve.until("fan to file", "complete");
  await serve.until("fan to other", "paused");
  assertEquals((await serve.post("/loads/fan%20to%20other/run"))[0], 409);
  assertEquals((await serve.load("split to other"))?.state, "idle");

  // While the other database is locked, neither target can write: one waits for the lock, one for it.
  const lock = new DatabaseSync(folder.path("other.db"));
  lock.exec("BEGIN EXCLUSIVE");
  try {
    assertEquals(await serve.run("split"), 202);
    await serve.until("split to file", "running");
    await serve.until("split to other", "running");
    // Where the rows go is told of the first run, too.
    const { table, backend, last } = (await serve.load("split to file"))!;
    assertEquals([table, backend, last], ["split", "file", undefined]);
    assertEquals((await serve.post("/loads/split%20to%20other/pause"))[0], 202);
    await serve.until("split to file", "paused");
  } finally {
    lock.close();
  }
  await serve.until("split to other", "paused");
  assertEquals((await serve.post("/loads/split/run"))[0], 409);
  assertEquals((await serve.post("/loads/split%20to%20file/resume"))[0], 202);
  await serve.until("split to file", "complete");
  await serve.until("split to other", "complete");
  assertEquals(idsOf(folder, "out.db", "split"), [ROWS - 2, ROWS - 2]);
  assertEquals(idsOf(folder, "other.db", "split"), [2, 2]);

  assertEquals((await serve.post("/loads/fan/resume"))[0], 202);
  assertEquals((await serve.load("fan to other"))?.state, "idle", "nobody has asked for it");
  assertEquals((await serve.post("/loads/nobody/pause"))[0], 404);
  const several = await serve.ask("/loads/fan");
  assertEquals(several.status, 404);
  assertStringIncludes(
    await several.text(),
    "That name stands for several loads, there are: fan to file, fan to other",
  );
});

Deno.test("serve releases a plugin that is quarantined, and loads by it", async () => {
  await using folder = await ServeFolder.create({
    backends: { file: file("out.db") },
    default: "file",
    loads: { rows: { source: "a.ndjson", table: "t", watch: true } },
  });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 10));
  const lock = folder.path("plugins", "plugins.lock");
  {
    await using serve = folder.serve();
    await serve.until("rows", "complete");
    assertEquals((await serve.post("/plugins/libsql/release"))[0], 404, "it is not quarantined");
    await serve.stop();
  }
  const known = JSON.parse(await Deno.readTextFile(lock));
  const [name] = Object.keys(known.plugins).filter((one) => one.startsWith("libsql"));
  known.plugins[name!].faults = { count: 3, last: "it has trapped" };
  await Deno.writeTextFile(lock, JSON.stringify(known));
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(10, 10), { append: true });
  await using serve = folder.serve();
  const plugin = async () => (await serve.status()).plugins.find(({ type }) => type === "libsql")!;
  assertEquals((await plugin()).status, "quarantined");
  assertStringIncludes((await plugin()).reason!, "it has trapped");
  assertEquals(await serve.post("/plugins/libsql/release"), [
    200,
    '{"type":"libsql","status":"available"}\n',
  ]);
  assertEquals((await plugin()).status, "available");
  const load = await serve.until("rows", "complete");
  assertEquals(load.last?.committed, 10);
  await serve.stop();
  assertEquals(JSON.parse(await Deno.readTextFile(lock)).plugins[name!].faults, undefined);
});
