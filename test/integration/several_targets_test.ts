/** Loads into several targets: each with its own outcome, ledger and rejects, whatever becomes of the others. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { startPostgres } from "../support/postgres_server.ts";
import { withDatabase } from "../support/postgres_database.ts";
import { TARGET_KINDS } from "../support/target.ts";
import { killAfter, ProgramFolder, rowsText } from "./cli/program.ts";

/** Longer than anything takes that does not hang. */
const WAIT_MS_MAX = 120_000;

const LITE = (name: string) => ({ type: "libsql", url: `libsql:${name}.db` });

async function folder(
  backends: Readonly<Record<string, unknown>>,
  loads: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
): Promise<ProgramFolder> {
  return await ProgramFolder.create({
    "snakepipe.jsonc": JSON.stringify({ backends, loads }),
    ...files,
  });
}

/** What came of a run: state, committed and skipped of each load. */
function figures(out: string): [string, string, number, number][] {
  return JSON.parse(out).loads.map((load: Record<string, never>) => [
    load.name,
    load.state,
    load.committed,
    load.skipped,
  ]);
}

for (const kind of TARGET_KINDS) {
  Deno.test(`several targets: ${kind.name} and a file: both are filled, and go on by themselves`, () =>
    kind.use(async (target) => {
      const { type, config: { url, ...settings } } = target;
      const backends = { main: { type, url, ...settings }, file: LITE("file") };
      const fan = { source: "rows.ndjson", table: "t", to: ["main", "file"] };
      await using place = await folder(backends, { fan }, { "rows.ndjson": rowsText(2_000) });
      const first = await place.run(["run", "--json"]);
      assertEquals(first.status, 0, first.err);
      assertEquals(figures(first.out), [
        ["fan to main", "complete", 2_000, 0],
        ["fan to file", "complete", 2_000, 0],
      ]);
      const count = `SELECT ${target.textOf("count(*)")} AS n FROM t`;
      assertEquals(await target.query(count), [{ n: "2000" }]);
      assertEquals(place.query("file.db", "SELECT count(*) FROM t"), [[2_000]]);
      await Deno.writeTextFile(place.path("rows.ndjson"), rowsText(2_010));
      const again = await place.run([
        "load",
        "rows.ndjson",
        "--to",
        "main,file",
        "--table",
        "t",
        "--json",
      ]);
      assertEquals(figures(again.out), [
        ["load to main", "complete", 10, 2_000],
        ["load to file", "complete", 10, 2_000],
      ]);
    }));
}

Deno.test("several targets: one that is down holds up nobody, and goes on alone when it is there", () =>
  withDatabase(async (url, sql) => {
    const down = new URL(url);
    down.port = "1";
    const config = (pg: string) => ({ pg: { type: "postgresql", url: pg }, file: LITE("file") });
    const fan = { source: "rows.ndjson", table: "t", to: ["pg", "file"] };
    const loads = { fan, behind: { source: "rows.ndjson", table: "b", to: "file", after: "fan" } };
    await using place = await folder(config(down.href), loads, { "rows.ndjson": rowsText(100) });
    const first = await place.run(["run", "--json"]);
    assertEquals(first.status, 1);
    const { loads: [pg, file, behind] } = JSON.parse(first.out);
    assertEquals([pg.state, pg.error.code, file.state], [
      "failed",
      "connection_failed",
      "complete",
    ]);
    assertEquals([behind.state, behind.because], ["not_run", "fan to pg"]);
    await Deno.writeTextFile(
      place.path("snakepipe.jsonc"),
      JSON.stringify({ backends: config(url), loads }),
    );
    const second = await place.run(["run", "--json"]);
    assertEquals([second.status, figures(second.out)], [0, [
      ["fan to pg", "complete", 100, 0],
      ["fan to file", "complete", 0, 100],
      ["behind", "complete", 100, 0],
    ]], second.err);
    assertEquals((await sql`SELECT count(*)::int AS n FROM t`)[0]!.n, 100);
  }));

Deno.test("several targets: rows that one refuses are in its own file, and the other has them", async () => {
  const fan = {
    ...{ source: "rows.ndjson", table: "t", to: ["strict", "lax"] },
    ...{ maxRejects: 3, rejects: "rejects.ndjson" },
  };
  await using place = await folder(
    { strict: LITE("strict"), lax: LITE("lax") },
    { fan },
    { "rows.ndjson": rowsText(10) },
  );
  using strict = new DatabaseSync(place.path("strict.db"));
  strict.exec("CREATE TABLE t (id INTEGER CHECK (id <> 4), name TEXT)");
  strict.close();
  const { status, out, err } = await place.run(["run", "--json"]);
  assertEquals([status, figures(out)], [0, [
    ["fan to strict", "complete", 9, 0],
    ["fan to lax", "complete", 10, 0],
  ]], err);
  const kept = await Deno.readTextFile(place.path("rejects.strict.ndjson"));
  assertStringIncludes(kept, '"id":4');
  assertEquals(await Deno.readTextFile(place.path("rejects.lax.ndjson")), "");
});

Deno.test("several targets: PostgreSQL is killed and comes back, and both end complete", async () => {
  await using server = await startPostgres();
  const url = server.superuserUrl;
  const rows = 200_000;
  const fan = { source: "rows.ndjson", table: "t", to: ["pg", "file"], batchRows: 1_000 };
  await using place = await folder(
    { pg: { type: "postgresql", url }, file: LITE("file") },
    { fan },
    { "rows.ndjson": rowsText(rows) },
  );
  const child = place.start(["run", "--json", "--verbose"]);
  const [watched, kept] = child.stderr.tee();
  const reader = watched.pipeThrough(new TextDecoderStream()).getReader();
  // Batches of both are under way before it goes.
  for (let text = ""; (text.match(/ written /g) ?? []).length < 20;) {
    const { value, done } = await reader.read();
    assert(!done, `the load ended before the server did: ${text.slice(-2_000)}`);
    text += value;
  }
  await server.restart("immediate");
  void reader.read().then(async function drain({ done }): Promise<void> {
    if (!done) await reader.read().then(drain);
  });
  const [output, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(kept).text(),
    child.stdin.close(),
  ]);
  assertEquals((await child.status).code, 0, err.slice(-4_000));
  assertStringIncludes(err, "retry 1 of ");
  assertEquals(figures(output).map(([name, state]) => [name, state]), [
    ["fan to pg", "complete"],
    ["fan to file", "complete"],
  ]);
  assertEquals(place.query("file.db", "SELECT count(*), count(DISTINCT id) FROM t"), [[
    rows,
    rows,
  ]]);
  const again = await place.run(["run", "--json"]);
  assertEquals(figures(again.out).map(([, , committed, skipped]) => [committed, skipped]), [
    [0, rows],
    [0, rows],
  ]);
});

Deno.test("by value: each row is in one backend, whenever the program is killed", async () => {
  const tenants = ["x", "y", "z", ""];
  const rows = 60_000;
  const text = "id,tenant,note\n" +
    Array.from({ length: rows }, (_, id) => `${id},${tenants[id % tenants.length]},"note\n${id}"\n`)
      .join("");
  const split = {
    ...{ source: "rows.csv", table: "t", batchRows: 500 },
    to: { by: "tenant", values: { x: "a", y: "b" }, else: "rest" },
  };
  const names = ["a", "b", "rest"];
  await using place = await folder(
    Object.fromEntries(names.map((name) => [name, LITE(name)])),
    { split },
    { "rows.csv": text },
  );
  const began = Date.now();
  let kills = 0;
  // Each time a little further, so that it is killed at the start, in the middle and at the end.
  for (let batches = 1;; batches += 15) {
    assert(Date.now() - began < WAIT_MS_MAX, "it does not come to its end");
    const child = place.start(["run", "--verbose"]);
    const { wasKilled, said } = await killAfter(child, batches);
    const { code } = await child.status;
    await Promise.all([child.stdout.cancel(), child.stdin.close().catch(() => {})]);
    if (!wasKilled) {
      assertEquals(code, 0, said.slice(-2_000));
      break;
    }
    kills++;
  }
  assert(kills >= 2, `killed ${kills} times`);
  const found = new Map<number, string>();
  for (const name of names) {
    for (
      const [id, tenant] of place.query(`${name}.db`, "SELECT id, tenant FROM t") as [
        number,
        string | null,
      ][]
    ) {
      assert(!found.has(id), `${id} is in ${found.get(id)} and in ${name}`);
      found.set(id, name);
      const expected = tenant === "x" ? "a" : tenant === "y" ? "b" : "rest";
      assertEquals(name, expected, `${id} of ${tenant}`);
    }
  }
  assertEquals(found.size, rows);
});

for (const jobs of ["1", "4"]) {
  Deno.test(`by value: where values have changed, no target writes, with ${jobs} at once`, async () => {
    const names = ["a", "b", "rest"];
    const config = (values: Readonly<Record<string, string>>) =>
      JSON.stringify({
        backends: Object.fromEntries(names.map((name) => [name, LITE(name)])),
        loads: {
          split: { source: "rows.csv", table: "t", to: { by: "tenant", values, else: "rest" } },
        },
      });
    const text = "id,tenant\n1,x\n2,y\n3,w\n4,z\n";
    await using place = await ProgramFolder.create({
      "snakepipe.jsonc": config({ x: "a", y: "b", w: "b" }),
      "rows.csv": text,
    });
    const run = async () => {
      const { status, out } = await place.run(["run", "--json", "--jobs", jobs]);
      const loads: { name: string; error?: { code: string; message: string } }[] =
        JSON.parse(out).loads;
      return { status, loads };
    };
    const idsOf = () =>
      names.map((name) => place.query(`${name}.db`, "SELECT id FROM t ORDER BY id").flat());
    assertEquals((await run()).status, 0);
    assertEquals(idsOf(), [[1], [2, 3], [4]]);
    // The target a would find what it has, and rows behind it that are in b.
    await Deno.writeTextFile(place.path("snakepipe.jsonc"), config({ x: "a", y: "a", w: "b" }));
    await Deno.writeTextFile(place.path("rows.csv"), text + "5,x\n6,y\n7,z\n");
    const { status, loads } = await run();
    assertEquals([status, loads.map(({ error }) => error?.code)], [
      1,
      ["source_changed", "source_changed", "source_changed"],
    ]);
    for (const { name, error } of loads) {
      assertStringIncludes(
        error!.message,
        name === "split to b"
          ? "The source has changed since it was loaded: rows.csv"
          : "Not begun, so that no row gets into two targets: the rows of split to b do not fit",
      );
    }
    assertEquals(idsOf(), [[1], [2, 3], [4]]);
    await Deno.writeTextFile(
      place.path("snakepipe.jsonc"),
      config({ x: "a", y: "b", w: "b" }),
    );
    assertEquals((await run()).status, 0);
    assertEquals(idsOf(), [[1, 5], [2, 3, 6], [4, 7]]);
  });
}

Deno.test("by value: a target that is down holds up no other", async () => {
  const split = {
    ...{ source: "rows.csv", table: "t" },
    to: { by: "tenant", values: { x: "a" }, else: "nowhere" },
  };
  const nowhere = { type: "postgresql", url: "postgres://me@127.0.0.1:1/x" };
  await using place = await folder({ a: LITE("a"), nowhere }, { split }, {
    "rows.csv": "id,tenant\n1,x\n2,y\n",
  });
  const { status, out } = await place.run(["run", "--json"]);
  const { loads: [a, down] } = JSON.parse(out);
  assertEquals([status, a.state, a.committed, down.error.code], [
    1,
    "complete",
    1,
    "connection_failed",
  ]);
});

for (const kind of TARGET_KINDS) {
  Deno.test(`by value: ${kind.name}: two targets that are one database wait for each other in vain nowhere`, () =>
    kind.use(async (target) => {
      const { type, config: { url, ...settings } } = target;
      const backend = { type, url, ...settings };
      const to = { by: "tenant", values: { x: "one" }, else: "two" };
      const split = { source: "rows.csv", table: "t", to };
      await target.query("CREATE TABLE t (id INTEGER, tenant TEXT)");
      const rows = (from: number) =>
        Array.from({ length: 100 }, (_, i) => `${from + i},${i % 2 === 0 ? "x" : "y"}\n`).join("");
      const head = "id,tenant\n";
      await using place = await folder({ one: backend, two: backend }, { split }, {
        "rows.csv": head + rows(0),
      });
      const first = await place.run(["run", "--json"]);
      assertEquals(figures(first.out).map(([, , n]) => n), [50, 50], first.err);
      await Deno.writeTextFile(place.path("rows.csv"), head + rows(0) + rows(100));
      const second = await place.run(["run", "--json"]);
      assertEquals(
        figures(second.out).map(([, , n, m]) => [n, m]),
        [[50, 50], [50, 50]],
        second.err,
      );
      const count = `SELECT ${target.textOf("count(DISTINCT id)")} AS n FROM t`;
      assertEquals(await target.query(count), [{ n: "200" }]);
    }));
}

Deno.test("first healthy: what is down is passed over, with the reason, and the next is filled", async () => {
  const nowhere = { type: "postgresql", url: "postgres://me@127.0.0.1:1/x" };
  const load = { source: "rows.ndjson", table: "t", to: { first: ["nowhere", "file", "other"] } };
  await using place = await folder(
    { nowhere, file: LITE("file"), other: LITE("other") },
    { load },
    { "rows.ndjson": rowsText(5) },
  );
  const { status, out, err } = await place.run(["run", "--json"]);
  assertEquals([status, figures(out)], [0, [["load", "complete", 5, 0]]], err);
  assertStringIncludes(JSON.stringify(JSON.parse(out).loads[0].notes), "nowhere was passed over: ");
  assertEquals(place.query("file.db", "SELECT count(*) FROM t"), [[5]]);
  assertEquals([...Deno.readDirSync(place.folder)].some(({ name }) => name === "other.db"), false);
});

Deno.test("several targets: names that are none are refused with the reason", async () => {
  await using place = await folder({ a: LITE("a"), b: LITE("b") }, {}, {});
  const args = ["load", "-", "--table", "t", "--to"];
  const unknown = await place.run([...args, "a,c"], { stdin: "" });
  assertEquals(unknown.status, 2);
  const twice = await place.run([...args, "a,a"], { stdin: "" });
  assertStringIncludes(twice.err, "--to: Names a target twice");
});

Deno.test("several targets: URLs with a comma between them are several, and no message shows a password", async () => {
  await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(5) });
  const load = (to: string) => place.run(["load", "rows.ndjson", "--to", to, "--table", "t"]);
  const both = await load("libsql:a.db,libsql:b.db");
  assertEquals(both.status, 0, both.err);
  for (const file of ["a.db", "b.db"]) {
    assertEquals(place.query(file, "SELECT count(*) FROM t"), [[5]]);
  }
  const server = await load("libsql:c.db,postgres://me:hunter2@127.0.0.1:1/x");
  assertEquals(server.status, 1, server.err);
  assertStringIncludes(server.err, "me@127.0.0.1:1/x");
  assertEquals(place.query("c.db", "SELECT count(*) FROM t"), [[5]]);
  // A path that somebody has written so, where it can be nothing else.
  const path = await load("libsql:none/c.db,other:/me:hunter2@127.0.0.1/x/y.db");
  assertEquals(path.status, 1, path.err);
  assertStringIncludes(path.err, "other:/me:[secret]@127.0.0.1");
  for (const { out, err } of [server, path]) assert(!(out + err).includes("hunter2"), out + err);
  const names = [...Deno.readDirSync(place.folder)].map(({ name }) => name);
  assertEquals(names.filter((name) => name.includes(",")), []);
});
