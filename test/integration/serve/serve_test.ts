/** `snakepipe serve`: what makes loads begin, what a configuration and a plugin that change do, what it refuses. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { grant } from "../../../host/plugins/store/admission.ts";
import { eventually } from "../../support/eventually.ts";
import { variantOf } from "../../support/plugin_variant.ts";
import { rowsFrom, type RunningServe, ServeFolder } from "./serve_program.ts";

const BACKENDS = { file: { type: "libsql", url: "libsql:out.db" } };

/** Ids of a table, as count, distinct, least and greatest. */
function idsOf(folder: ServeFolder, table: string): unknown {
  const sql = `SELECT count(*), count(DISTINCT id), min(id), max(id) FROM "${table}"`;
  return folder.query("out.db", sql)[0];
}

function complete(serve: RunningServe, name: string, committed: number) {
  return eventually(`${name} has committed ${committed}`, async () => {
    const load = await serve.load(name);
    return load?.state === "complete" && load.last?.committed === committed && load;
  }).catch((error) => {
    throw new Error(`${error.message}\n${serve.log}`);
  });
}

Deno.test("serve loads what comes into a watched folder, and waits for a file that is being written", async () => {
  await using folder = await ServeFolder.create({
    backends: BACKENDS,
    default: "file",
    loads: { rows: { source: "in/*.ndjson", table: "t", watch: true } },
  });
  await using serve = folder.serve();
  assertStringIncludes((await serve.until("rows", "waiting")).detail!, "No file matches");
  await Deno.mkdir(folder.path("in"));
  await Deno.writeTextFile(folder.path("in", "a.ndjson"), rowsFrom(0, 10));
  await complete(serve, "rows", 10);
  // Half a row is none, and is not left out.
  const rows = rowsFrom(10, 10);
  await Deno.writeTextFile(folder.path("in", "b.ndjson"), rows.slice(0, -20));
  assertStringIncludes((await serve.until("rows", "failed")).detail!, "b.ndjson");
  await Deno.writeTextFile(folder.path("in", "b.ndjson"), rows.slice(-20), { append: true });
  await complete(serve, "rows", 10);
  assertEquals(idsOf(folder, "t"), [20, 20, 0, 19]);
  const metrics = await (await serve.ask("/metrics")).text();
  const rowsOfTable = /^snakepipe_rows_total\{[^}]*table="t"[^}]*outcome="committed"[^}]*\} (\d+)/m;
  assertEquals(rowsOfTable.exec(metrics)?.[1], "20", metrics);
  assertEquals(await serve.stop(), { code: 0, signal: null });
});

Deno.test("serve loads into several targets, by value, and into the first that is healthy", async () => {
  await using folder = await ServeFolder.create({
    backends: {
      ...BACKENDS,
      other: { type: "libsql", url: "libsql:other.db" },
      gone: { type: "libsql", url: "libsql:no/such/folder/gone.db" },
    },
    default: "file",
    loads: {
      fan: { source: "a.ndjson", table: "fan", to: ["file", "other"], watch: true },
      split: {
        ...{ source: "a.ndjson", table: "split", watch: true },
        to: { by: "id", values: { 1: "other", 3: "other" }, else: "file" },
      },
      first: { source: "a.ndjson", table: "first", to: { first: ["gone", "other"] }, watch: true },
    },
  });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 10));
  await using serve = folder.serve();
  for (const [name, rows] of [["fan to file", 10], ["fan to other", 10], ["first", 10]] as const) {
    await complete(serve, name, rows);
  }
  await complete(serve, "split to other", 2);
  await complete(serve, "split to file", 8);
  assertEquals(folder.query("other.db", "SELECT id FROM split ORDER BY id"), [[1], [3]]);
  assertEquals(idsOf(folder, "split"), [8, 8, 0, 9]);
  assertEquals(folder.query("other.db", "SELECT count(*) FROM first"), [[10]]);
});

Deno.test("serve: where values or the source have changed, no target of a load by value writes", async () => {
  const config = (values: Readonly<Record<string, string>>) => ({
    backends: { ...BACKENDS, other: { type: "libsql", url: "libsql:other.db" } },
    default: "file",
    loads: {
      split: {
        ...{ source: "a.csv", table: "split", watch: true },
        to: { by: "tenant", values, else: "file" },
      },
    },
  });
  const values = { x: "other", y: "file", w: "file" };
  await using folder = await ServeFolder.create(config(values));
  const text = "id,tenant\n1,x\n2,y\n3,w\n";
  await Deno.writeTextFile(folder.path("a.csv"), text);
  await using serve = folder.serve();
  await complete(serve, "split to other", 1);
  await complete(serve, "split to file", 2);
  const ids = () =>
    ["other.db", "out.db"].map((name) =>
      folder.query(name, "SELECT id FROM split ORDER BY id").flat()
    );
  const refused = async () => {
    const [other, file] = await Promise.all(
      ["split to other", "split to file"].map((name) => serve.until(name, "failed")),
    );
    assertStringIncludes(other!.detail!, "Not begun, so that no row gets into two targets");
    assertStringIncludes(file!.detail!, "The source has changed since it was loaded: a.csv");
    assertEquals(ids(), [[1], [2, 3]]);
  };
  await folder.configure(config({ ...values, y: "other" }));
  await refused();
  await folder.configure(config(values));
  await complete(serve, "split to other", 0);
  await complete(serve, "split to file", 0);
  // The value of a row that is in one target has changed to that of the other.
  await Deno.writeTextFile(folder.path("a.csv"), text.replace("2,y", "2,x"));
  await refused();
  await Deno.writeTextFile(folder.path("a.csv"), text + "4,x\n5,y\n");
  await complete(serve, "split to other", 1);
  await complete(serve, "split to file", 1);
  assertEquals(ids(), [[1, 4], [2, 3, 5]]);
});

Deno.test("serve waits for a source that vanishes, and goes on when it is back", async () => {
  await using folder = await ServeFolder.create({
    backends: BACKENDS,
    default: "file",
    loads: { rows: { source: "a.ndjson", table: "t", watch: true } },
  });
  const file = folder.path("a.ndjson");
  await Deno.writeTextFile(file, rowsFrom(0, 10));
  await using serve = folder.serve();
  await complete(serve, "rows", 10);
  await Deno.rename(file, folder.path("away"));
  assertStringIncludes((await serve.until("rows", "waiting")).detail!, "No such file");
  await Deno.writeTextFile(folder.path("away"), rowsFrom(10, 5), { append: true });
  await Deno.rename(folder.path("away"), file);
  await complete(serve, "rows", 5);
  assertEquals(idsOf(folder, "t"), [15, 15, 0, 14]);
});

Deno.test("serve loads by schedule and by hand, and what comes after another one when that is complete", async () => {
  await using folder = await ServeFolder.create({
    backends: BACKENDS,
    default: "file",
    loads: {
      timed: { source: "timed.ndjson", table: "timed", schedule: "* * * * * *" },
      parent: { source: "parent.ndjson", table: "parent" },
      child: { source: "child.ndjson", table: "child", after: "parent" },
    },
  });
  for (const name of ["timed", "child"]) {
    await Deno.writeTextFile(folder.path(`${name}.ndjson`), rowsFrom(0, 3));
  }
  await using serve = folder.serve();
  const timed = await complete(serve, "timed", 3);
  assertEquals([timed.last?.trigger, typeof timed.next], ["schedule", "string"]);
  assertEquals((await serve.load("child"))?.state, "idle");

  assertEquals(await serve.run("parent"), 202);
  await serve.until("parent", "failed");
  assertEquals(await serve.run("child"), 202);
  assertStringIncludes((await serve.until("child", "failed")).detail!, "comes after load parent");
  await Deno.writeTextFile(folder.path("parent.ndjson"), rowsFrom(0, 2));
  assertEquals(await serve.run("parent"), 202);
  await complete(serve, "parent", 2);
  // It had been asked for, and need not be again.
  assertEquals((await complete(serve, "child", 3)).last?.trigger, "after");
  assertEquals(await serve.run("nobody"), 404);
});

Deno.test("serve tells ten mistakes of a configuration at once, and the one before stays in force", async () => {
  const config = {
    backends: BACKENDS,
    default: "file",
    loads: { rows: { source: "a.ndjson", table: "t", watch: true } },
  };
  await using folder = await ServeFolder.create(config);
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 1));
  await using serve = folder.serve();
  await complete(serve, "rows", 1);
  await folder.configure({
    backend: {},
    locked: "yes",
    default: "nope",
    backends: { ...BACKENDS, "9x": { type: "libsql" } },
    routes: [{ table: "t", backend: "missing" }, 3],
    loads: {
      rows: { source: [], tabel: "t", watch: "maybe" },
      timed: { source: "a.ndjson", schedule: "every day" },
      upsert: { source: "a.ndjson", mode: "upsert", after: "nobody" },
    },
  });
  const error = await eventually("the mistakes", async () => (await serve.status()).config?.error);
  const expected = [
    "backend: Unknown name, did you mean backends?",
    "locked: Expected true or false",
    "default: No backend is named nope",
    "backends.9x: A backend's name is",
    "routes.0.backend: No backend is named missing",
    "routes.1: Expected an object",
    "loads.rows.source: Expected a path",
    "loads.rows.tabel: Unknown name, did you mean table?",
    "loads.rows.watch: Expected true or false",
    "loads.timed.schedule: Expected a schedule in the words of cron",
    "loads.upsert.key: An upsert needs a key",
    "loads.upsert.after: No load is named nobody",
  ];
  for (const mistake of expected) {
    assertStringIncludes(error, mistake);
    assertStringIncludes(serve.log, mistake);
  }
  // What was in force is.
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(1, 1), { append: true });
  await eventually("the second row", async () => (await serve.load("rows"))?.runs === 2);
  assertEquals((await serve.load("rows"))?.last?.committed, 1);

  // What only a running program can say, all at once too.
  await folder.configure({
    backends: { file: { ...BACKENDS.file, poolsize: 3 }, other: { type: "libsqll", url: "x" } },
    loads: {},
  });
  const second = await eventually("more mistakes", async () => {
    const { error } = (await serve.status()).config!;
    return error?.includes("poolsize") && error;
  });
  assertStringIncludes(second, "backends.file.poolsize: Unknown name, did you mean poolSize?");
  assertStringIncludes(
    second,
    "backends.other.type: No backend has this type, did you mean libsql?",
  );
  await folder.configure({ ...config, loads: {} });
  await eventually("a valid one", async () => (await serve.status()).loads.length === 0);
  assertEquals((await serve.status()).config?.error, undefined);
});

Deno.test("serve does not begin with a configuration that is not valid, and tells all that is wrong", async () => {
  await using folder = await ServeFolder.create({
    backends: { file: { ...BACKENDS.file, poolsize: 3 }, other: { type: "libsqll", url: "x" } },
  });
  await using serve = folder.serve();
  assertEquals((await serve.ended).code, 2);
  await serve.says(/backends\.file\.poolsize: Unknown name, did you mean poolSize\?/);
  await serve.says(/backends\.other\.type: No backend has this type/);
});

Deno.test("serve is alone with its configuration: a second one is refused and says who has it", async () => {
  await using folder = await ServeFolder.create({ backends: BACKENDS, loads: {} });
  await using first = folder.serve();
  const address = await first.address();
  {
    await using second = folder.serve();
    assertEquals((await second.ended).code, 2);
    await second.says(new RegExp(`process ${first.pid}, since \\S+, at ${address}`));
    await second.says(/stop that one first/);
  }
  // One that was killed is in nobody's way.
  first.kill();
  await first.ended;
  await using third = folder.serve();
  await third.address();
  assertEquals((await third.stop()).code, 0);
});

Deno.test("serve says in its status why a plugin is not taken, and loads by the one that stays", async () => {
  await using folder = await ServeFolder.create({
    backends: BACKENDS,
    default: "file",
    loads: { rows: { source: "a.ndjson", table: "t" } },
  });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 5));
  await using serve = folder.serve();
  await serve.address();
  const plugin = folder.path("plugins", "libsql.wasm");
  const bytes = await Deno.readFile(plugin);
  await Deno.writeFile(plugin, bytes.subarray(0, 1_000));
  const refused = await eventually(
    "refused",
    async () => (await serve.status()).plugins.find(({ status }) => status === "refused"),
  );
  assertMatch(refused.reason!, /it is not the file that plugins\.lock knows/);
  await serve.says(
    /is not taken, and backend libsql 0\.1\.0 \(sha256 [0-9a-f]{12}\) stays in its place/,
  );
  assertEquals(await serve.run("rows"), 202);
  const before = (await complete(serve, "rows", 5)).last!.plugin!.sha256;

  await Deno.writeFile(plugin, variantOf(bytes, "another build"));
  await grant(plugin, []);
  await serve.says(/was replaced in \d+ ms: .*; 0 of 1 plans in use are other/);
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(5, 5), { append: true });
  assertEquals(await serve.run("rows"), 202);
  const after = await eventually("loaded by the new one", async () => {
    const load = await serve.load("rows");
    return load?.runs === 2 && load.last?.plugin?.sha256;
  });
  assert(after !== before);
  assertEquals((await serve.status()).plugins.filter(({ type }) => type === "libsql").length, 1);
  assertEquals(idsOf(folder, "t"), [10, 10, 0, 9]);
});

Deno.test("serve runs a load into several targets for each of them, by one name or by each", async () => {
  const other = { type: "libsql", url: "libsql:other.db" };
  await using folder = await ServeFolder.create({
    backends: { ...BACKENDS, other },
    loads: { both: { source: "a.ndjson", table: "t", to: ["file", "other"] } },
  });
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(0, 5));
  await using serve = folder.serve();
  assertEquals(await serve.run("both"), 202);
  await complete(serve, "both to file", 5);
  await complete(serve, "both to other", 5);
  await Deno.writeTextFile(folder.path("a.ndjson"), rowsFrom(5, 5), { append: true });
  assertEquals(await serve.run(encodeURIComponent("both to other")), 202);
  await eventually("it has run again", async () => (await serve.load("both to other"))?.runs === 2);
  assertEquals((await serve.load("both to file"))?.runs, 1);
  assertEquals((await serve.stop()).code, 0);
  assertEquals(idsOf(folder, "t"), [5, 5, 0, 4]);
  assertEquals(folder.query("other.db", "SELECT count(*) FROM t")[0], [10]);
});
