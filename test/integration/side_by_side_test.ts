/** Loads that may run at once: none comes to the table that another one replaces, nor to its file of rejects. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LoadError, rows } from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { openHost, TARGET_KINDS } from "../support/target.ts";
import { ProgramFolder, rowsText } from "./cli/program.ts";

const FILES = { "rows.ndjson": rowsText(5), "more.ndjson": rowsText(3) };

async function folder(config: Readonly<Record<string, unknown>>): Promise<ProgramFolder> {
  return await ProgramFolder.create({ ...FILES, "snakepipe.jsonc": JSON.stringify(config) });
}

const FILE = (url: string) => ({ type: "libsql", url });

for (const kind of TARGET_KINDS) {
  Deno.test(`side by side: ${kind.name}: two names of one database are not replaced at once`, () =>
    kind.use(async (target) => {
      const { type, config: backend } = target;
      const named = { type, ...backend };
      await using place = await folder({
        backends: { one: named, other: { ...named, poolSize: 3 } },
        loads: {
          both: { source: "rows.ndjson", table: "t", mode: "replace", to: ["one", "other"] },
        },
      });
      const words = ["rows.ndjson", "--to", "one,other", "--table", "t"];
      for (
        const args of [["run"], ["config", "check"], ["load", ...words, "--mode", "replace"]]
      ) {
        const { status, out, err } = await place.run(args);
        assertEquals(status, 2, out + err);
        assertStringIncludes(out + err, "to one and ");
        assertStringIncludes(out + err, "to other go to the same table, t of ");
        assertStringIncludes(out + err, "replaces it");
      }
      // The same rows would come twice.
      const append = await place.run(["load", ...words]);
      assertEquals(append.status, 2, append.out);
      assertStringIncludes(append.err, "with the same rows. Name each database once");
    }));

  Deno.test(`side by side: ${kind.name}: by a value, two names of one database take the rows exactly`, () =>
    kind.use(async (target) => {
      const { type, config: backend } = target;
      const named = { type, ...backend };
      const by = { by: "k", values: { a: "one" }, else: "other" };
      await using place = await folder({
        backends: { one: named, other: { ...named, poolSize: 3 } },
        loads: { shared: { source: "k.csv", table: "t", to: by } },
      });
      await Deno.writeTextFile(place.path("k.csv"), "id,k\n1,a\n2,b\n3,a\n4,c\n");
      for (const committed of [4, 0]) {
        const run = await place.run(["run", "--json"]);
        assertEquals(run.status, 0, run.out + run.err);
        const figures: { committed: number }[] = JSON.parse(run.out).loads;
        assertEquals(figures.reduce((sum, load) => sum + load.committed, 0), committed);
      }
      const count = `SELECT ${target.textOf("count(*)")} AS n FROM t`;
      assertEquals(await target.query(count), [{ n: "4" }]);
    }));
}

Deno.test("side by side: loads of a configuration that replace one table, unless one comes after the other", async () => {
  const load = (source: string, to: string, more: Record<string, unknown> = {}) => {
    return { source, table: "t", to, ...more };
  };
  const backends = { one: FILE("libsql:a.db"), other: FILE("libsql:./a.db") };
  const first = load("rows.ndjson", "one", { mode: "replace" });
  await using place = await folder({});
  const write = (loads: Record<string, unknown>) =>
    Deno.writeTextFile(place.path("snakepipe.jsonc"), JSON.stringify({ backends, loads }));
  await write({ first, second: load("more.ndjson", "other", { mode: "replace" }) });
  for (const args of [["run"], ["config", "check"], ["serve"]]) {
    const { status, out, err } = await place.run(args);
    assertEquals(status, 2, out + err);
    assertStringIncludes(out + err, "loads.second.to: first and second go to the same table, t of");
  }
  await write({ first, second: load("more.ndjson", "libsql:a.db") });
  assertEquals((await place.run(["config", "check"])).status, 2);
  // One at a time, and each by itself.
  await write({
    first,
    between: { source: "rows.ndjson", table: "u", to: "one", after: "first" },
    second: load("more.ndjson", "other", { mode: "replace", after: "between" }),
  });
  const run = await place.run(["run"]);
  assertEquals(run.status, 0, run.out + run.err);
  assertEquals(place.query("a.db", "SELECT count(*) FROM t"), [[3]]);
  assertEquals((await place.run(["config", "check"])).status, 0);
  await write({ first, second: load("more.ndjson", "other", { table: "u", mode: "replace" }) });
  assertEquals((await place.run(["run"])).status, 0);
});

Deno.test("side by side: a file of rejects belongs to one load, whatever makes its name", async () => {
  await using place = await folder({
    backends: { a: FILE("libsql:a.db"), b: FILE("libsql:b.db") },
    loads: {
      fan: { source: "rows.ndjson", table: "t", to: ["a", "b"], rejects: "r.nd", maxRejects: 3 },
      own: { source: "more.ndjson", table: "u", to: "a", rejects: "./r.b.nd", maxRejects: 3 },
    },
  });
  for (const args of [["run"], ["config", "check"]]) {
    const { status, out, err } = await place.run(args);
    assertEquals(status, 2, out + err);
    assertStringIncludes(
      out + err,
      "loads.own.rejects: fan to b and own keep their rejects in the same file, ./r.b.nd",
    );
  }
});

Deno.test("several targets: nothing begins while one of them cannot be, and no file is made", async () => {
  await using place = await ProgramFolder.create(FILES);
  const load = (...args: string[]) => place.run(["load", "rows.ndjson", "--table", "t", ...args]);
  for (
    const [said, ...args] of [
      ["neither a URL", "--to", "libsql:a.db", "--to", "nope"],
      ["neither a URL", "--to", "libsql:a.db,nope"],
      ["No backend answers to mongo:", "--to", "libsql:a.db,mongo://h/d"],
      ["port is not a number", "--to", "libsql:a.db,postgres://u:hunter2@h:99999/d"],
      ["Unknown name", "--to", "libsql:a.db,libsql:b.db", "--set", "foo=x"],
      ["the database that rows go to", "--to", "libsql:a.db", "--rejects", "a.db"],
      ["the database that rows go to", "--to", "duckdb:a.db", "--rejects", "./a.db"],
      [
        "the database that rows go to",
        "--to",
        "libsql:a.db,libsql:b.libsql-2.db",
        "--rejects",
        "b.db",
      ],
    ] as const
  ) {
    const { status, out, err } = await load(...args);
    assertEquals(status, 2, `${args.join(" ")}: ${out}${err}`);
    assertStringIncludes(err, said);
    assert(!err.includes("hunter2"), err);
    const names = [...Deno.readDirSync(place.folder)].map(({ name }) => name).sort();
    assertEquals(names, Object.keys(FILES).sort(), args.join(" "));
  }
});

for (const kind of TARGET_KINDS) {
  Deno.test(`side by side: ${kind.name}: a replace that another one of its source has begun again says so`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const { promise: ended, resolve: release } = Promise.withResolvers<void>();
      const source = (waits: boolean) =>
        rows(
          (async function* () {
            for (let id = 0; id < 1_000; id++) {
              if (waits && id === 500) await ended;
              // Sources are read ahead by bytes.
              yield { id, text: waits ? "first" : "second", much: "x".repeat(2_000) };
            }
          })(),
          { name: "s" },
        );
      const begin = async (waits: boolean, batchRowsMax: number) => {
        const backend = await host.createBackend(target.type, target.config);
        const options = { table: "t", mode: "replace", batchRowsMax, connections: 1 } as const;
        return await host.load(source(waits), backend, options);
      };
      const first = begin(true, 100).then(() => undefined, (error) => error);
      // Some of its rows are in its shadow table by then.
      await eventually("a batch of the first", async () => {
        const batches = `SELECT ${target.textOf("count(*)")} AS n FROM _snakepipe_batch`;
        try {
          return Number((await target.query(batches))[0]!.n) > 0;
        } catch {
          // The ledger is not there yet.
          return false;
        }
      });
      const report = await begin(false, 1_000);
      release();
      const error = await first;
      assert(error instanceof LoadError, String(error));
      assertEquals([report.committed, error.code], [1_000, "table_changed"], error.message);
      assertStringIncludes(
        error.message,
        "Another load of the same source has begun to replace table t",
      );
      assertEquals(await target.query("SELECT DISTINCT text FROM t"), [{ text: "second" }]);
    }));
}
