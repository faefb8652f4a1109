/** An upsert changes what its record has, on both databases and from every source: absent is not NULL. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  csv,
  type DatabaseBackend,
  type Host,
  LoadError,
  LoadStoppedError,
  ndjson,
  rows,
} from "../../mod.ts";
import type { LoadOptions } from "../../host/load.ts";
import type { ReadRow } from "../families/family.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

/** What a test of this file works with. */
interface Place {
  readonly target: Target;
  readonly host: Host;
  readonly backend: DatabaseBackend;
  readonly folder: string;
  /** The type of whole numbers. */
  readonly integer: string;
}

const UPSERT = { table: "t", mode: "upsert", key: ["id"] } as const;

function test(name: string, act: (place: Place) => Promise<void>): void {
  for (const kind of TARGET_KINDS) {
    Deno.test(`upsert: ${kind.name}: ${name}`, () =>
      kind.use((target) =>
        withFolder(async (folder) => {
          await using host = await openHost();
          const backend = await host.createBackend(target.type, target.config);
          const integer = target.sql.integer;
          await act({ target, host, backend, folder, integer });
        })
      ));
  }
}

/** A table (id, a, b) with one row. */
async function tableWithRow({ target, integer }: Place): Promise<void> {
  await target.execute(`CREATE TABLE t (id ${integer} PRIMARY KEY, a text, b text)`);
  await target.execute("INSERT INTO t VALUES (1, 'old', 'keep')");
}

/** All rows, in the order of their keys, values as text. */
async function contents(
  { target }: Place,
  columns: readonly string[] = ["id", "a", "b"],
): Promise<(string | null)[][]> {
  const list = columns.map((name) => `${target.textOf(name)} AS ${name}`);
  const found: ReadRow[] = await target.query(`SELECT ${list.join(", ")} FROM t ORDER BY t.id`);
  return found.map((row) => columns.map((name) => row[name]!));
}

async function file({ folder }: Place, name: string, lines: readonly unknown[]): Promise<string> {
  const path = join(folder, name);
  const texts = lines.map((line) => typeof line === "string" ? line : JSON.stringify(line));
  await Deno.writeTextFile(path, texts.map((text) => `${text}\n`).join(""));
  return path;
}

/** Loads lines of NDJSON. */
async function load(place: Place, lines: readonly unknown[], options: Partial<LoadOptions> = {}) {
  const source = ndjson(await file(place, "rows.ndjson", lines));
  return await place.host.load(source, place.backend, { ...UPSERT, fresh: true, ...options });
}

test("a column that NDJSON never mentions stays", async (place) => {
  await tableWithRow(place);
  await load(place, ['{"id":1,"a":"new"}']);
  assertEquals(await contents(place), [["1", "new", "keep"]]);
});

test("a column that CSV has not stays, also where a schema names it", async (place) => {
  await tableWithRow(place);
  const source = csv(await file(place, "rows.csv", ["id,a", "1,new", "2,"]));
  const schema = ["id", "a", "b"].map((name) => ({
    name,
    type: name === "id" ? "int64" : "text",
    nullable: name !== "id",
    key: false,
  } as const));
  await place.host.load(source, place.backend, UPSERT);
  assertEquals(await contents(place), [["1", "new", "keep"], ["2", null, null]]);
  await place.target.execute("UPDATE t SET a = 'old', b = 'kept'");
  await place.host.load(source, place.backend, { ...UPSERT, schema, fresh: true });
  assertEquals(await contents(place), [["1", "new", "kept"], ["2", null, "kept"]]);
});

test("an empty field of CSV is NULL, and not absent", async (place) => {
  await tableWithRow(place);
  await place.host.load(csv(await file(place, "rows.csv", ["id,b", "1,"])), place.backend, UPSERT);
  assertEquals(await contents(place), [["1", "old", null]]);
});

test("a property of rows() that is undefined is absent, and null is null", async (place) => {
  await tableWithRow(place);
  const source = rows([{ id: 1, a: undefined, b: null }, { id: 2n, a: "x" }, { id: 2, b: "y" }]);
  await place.host.load(source, place.backend, UPSERT);
  assertEquals(await contents(place), [["1", "old", null], ["2", "x", "y"]]);
});

test("rows of one batch with different fields leave each other's alone", async (place) => {
  await tableWithRow(place);
  const report = await load(place, [
    { id: 1, a: "new" },
    { id: 2, b: "x" },
    { id: 1, b: "q" },
    { id: 2, a: "y" },
    { id: 2, b: null },
    { id: 3 },
  ]);
  assertEquals(await contents(place), [["1", "new", "q"], ["2", "y", null], ["3", null, null]]);
  const { read, committed, superseded, rejected } = report;
  assertEquals([read, committed, superseded, rejected], [6, 3, 3, 0]);
});

test("batches may have other fields than the first, and be of one kind or of several", async (place) => {
  const { target, integer } = place;
  await target.execute(
    `CREATE TABLE t (id ${integer} PRIMARY KEY, a text, b text, c ${integer} DEFAULT 7 NOT NULL)`,
  );
  const lines = [
    { id: 1, a: "a1" },
    { id: 2, a: "a2" },
    { id: 1, b: "b1" },
    { id: 3, b: "b3" },
    { id: 2, c: 5 },
    { id: 1, a: null },
    { id: 4, b: "b4", c: 9 },
    { id: 4, a: "a4" },
  ];
  const report = await load(place, lines, { batchRowsMax: 2 });
  assertEquals(report.batches, 4);
  assertEquals(await contents(place, ["id", "a", "b", "c"]), [
    ["1", null, "b1", "7"],
    ["2", "a2", null, "5"],
    ["3", null, "b3", "7"],
    ["4", "a4", "b4", "9"],
  ]);
});

test("into a table that the load makes, later rows leave alone what they lack", async (place) => {
  const lines = [{ id: 1, a: "x", b: "y" }, { id: 2, a: "x", b: "y" }, { id: 1, a: "z" }];
  await load(place, lines, { batchRowsMax: 2 });
  assertEquals(await contents(place), [["1", "z", "y"], ["2", "x", "y"]]);
});

test("a field with a default that the first records lacked is a column like any other", async (place) => {
  const { target, integer } = place;
  await target.execute(`CREATE TABLE t (id ${integer}, a text, b text DEFAULT 'given')`);
  const lines = [...Array(2_000).keys()].map((id) => ({ id, a: "x" }));
  // The same in one batch, and in one that comes after the first.
  for (const batchRowsMax of [5_000, 2_000]) {
    await target.execute("DELETE FROM t");
    const more = [{ id: 2_000, b: "own" }, { id: 2_001, b: null }, { id: 2_002, a: "y" }];
    const options = { mode: "append", key: [], batchRowsMax } as const;
    await load(place, [...lines, ...more], options);
    assertEquals((await contents(place)).slice(1_999), [
      ["1999", "x", "given"],
      ["2000", null, "own"],
      ["2001", null, null],
      ["2002", "y", "given"],
    ]);
  }
});

test("a replace says of a field behind the first records that it is not among its columns", async (place) => {
  const { target, integer } = place;
  await target.execute(`CREATE TABLE t (id ${integer}, a text, b text DEFAULT 'given')`);
  const lines = [{ id: 1, a: "x" }, { id: 2, b: "own" }];
  const options = { mode: "replace", key: [], batchRowsMax: 1 } as const;
  const error = await assertRejects(() => load(place, lines, options), Error, "column b");
  assertStringIncludes(
    error.message,
    "not among the columns of this load, or that the table computes",
  );
  assertEquals(await contents(place), []);
});

test("rows that are refused are named at their places, whatever group they are in", async (place) => {
  const { target, integer } = place;
  await target.execute(
    `CREATE TABLE t (id ${integer} PRIMARY KEY, a text, n ${integer} CHECK (n >= 0))`,
  );
  const lines = [
    '{"id":1,"a":"x"}',
    "",
    '{"id":2,"n":-1}',
    '{"id":3,"n":"x"}',
    '{"id":1,"n":3}',
    '{"id":4,"z":1}',
    '{"id":5,"a":"y"',
    '{"n":1}',
    '{"id":2,"a":"z"}',
  ];
  const rejects = join(place.folder, "rejects.ndjson");
  const maxRejects = { kind: "count", rowsMax: 5 } as const;
  const report = await load(place, lines, { maxRejects, rejects, batchRowsMax: 4 });
  const { read, committed, superseded, rejected } = report;
  assertEquals([read, committed, superseded, rejected], [8, 2, 1, 5]);
  assertEquals(await contents(place, ["id", "a", "n"]), [["1", "x", "3"], ["2", "z", null]]);
  const kept = (await Deno.readTextFile(rejects)).trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(kept.map(({ line, ordinal, code }) => [line, ordinal, code]), [
    [3, 1, "integrity"],
    [4, 2, "type"],
    [6, 4, "unknown_field"],
    [7, 5, "malformed"],
    [8, 6, "null"],
  ]);
  assertEquals(kept.map(({ row, text }) => row ?? text), [
    { id: 2, n: -1 },
    { id: 3, n: "x" },
    { id: 4, z: 1 },
    '{"id":5,"a":"y"',
    { n: 1 },
  ]);
});

test("without leave to leave out rows nothing is committed, and every bad row is named", async (place) => {
  await tableWithRow(place);
  const lines = [{ id: 1, a: "x" }, { id: "p", b: "y" }, { id: 2, b: "y" }, { id: "q", a: "z" }];
  const error = await assertRejects(() => load(place, lines), Error, "2 rows");
  assertStringIncludes(error.message, "rows.ndjson:2: column id");
  assertEquals(await contents(place), [["1", "old", "keep"]]);
});

test("a row finds the one that it refers to, though that one has other fields", async (place) => {
  const { target, integer } = place;
  await target.execute(
    `CREATE TABLE t (id ${integer} PRIMARY KEY, p ${integer} REFERENCES t (id), a text)`,
  );
  // Each row refers to the one before it, and has other fields than that.
  const lines = Array.from({ length: 50 }, (_, id) => {
    const parent = id === 0 ? {} : { p: id - 1 };
    return id % 3 === 1 ? { id, ...parent, a: "x" } : { id, ...parent };
  });
  const report = await load(place, lines);
  assertEquals([report.committed, report.rejected], [50, 0]);
  assertEquals((await contents(place, ["id", "p"])).at(-1), ["49", "48"]);
});

test("rows of a part that is undone are not counted, whatever group they were in", async (place) => {
  const { target, integer } = place;
  await target.execute(
    `CREATE TABLE t (id ${integer} PRIMARY KEY, p ${integer} REFERENCES t (id), n ${integer} CHECK (n >= 0))`,
  );
  // The second row finds its parent while the batch is whole, where that one is in a group before it.
  const lines = [{ id: 7 }, { id: 2, p: 1 }, { id: 9, n: -1 }, { id: 1 }];
  const rejects = join(place.folder, "rejects.ndjson");
  const maxRejects = { kind: "count", rowsMax: 4 } as const;
  const { committed, superseded, rejected } = await load(place, lines, { maxRejects, rejects });
  assertEquals([committed, superseded, rejected], [2, 0, 2]);
  assertEquals(await contents(place, ["id"]), [["1"], ["7"]]);
});

test("a replay of rows that are added leaves to the default what they lack", async (place) => {
  const { target, integer } = place;
  await target.execute(
    `CREATE TABLE t (id ${integer}, a text, b text DEFAULT 'given', c ${integer})`,
  );
  const rejects = join(place.folder, "rejects.ndjson");
  const options = { mode: "append", key: [] } as const;
  const maxRejects = { kind: "count", rowsMax: 9 } as const;
  const lines = [{ id: 1, c: "x" }, { id: 2, b: null, c: "x" }];
  await load(place, lines, { ...options, maxRejects, rejects });
  const corrected = (await Deno.readTextFile(rejects)).replaceAll('"c":"x"', '"c":5');
  await Deno.writeTextFile(rejects, corrected);
  await place.host.replayRejects(rejects, place.backend, { table: "t", mode: "append" });
  assertEquals(await contents(place, ["id", "a", "b", "c"]), [
    ["1", null, "given", "5"],
    ["2", null, null, "5"],
  ]);
});

test("a replay changes what its rows have", async (place) => {
  const { target, integer } = place;
  await target.execute(
    `CREATE TABLE t (id ${integer} PRIMARY KEY, a text, b text DEFAULT 'given', c ${integer})`,
  );
  await target.execute("INSERT INTO t VALUES (1, 'old', 'keep', 1), (2, 'old', 'keep', 2)");
  const rejects = join(place.folder, "rejects.ndjson");
  const maxRejects = { kind: "count", rowsMax: 9 } as const;
  const lines = [{ id: 1, c: "x" }, { id: 2, a: "y", c: "x" }, { id: 3, c: "x" }];
  await load(place, lines, { maxRejects, rejects });
  const corrected = (await Deno.readTextFile(rejects)).replaceAll('"c":"x"', '"c":5');
  await Deno.writeTextFile(rejects, corrected);
  await place.host.replayRejects(rejects, place.backend, UPSERT);
  assertEquals(await contents(place, ["id", "a", "b", "c"]), [
    ["1", "old", "keep", "5"],
    ["2", "y", "keep", "5"],
    ["3", null, "given", "5"],
  ]);
});

test("a replay of rows of CSV changes what their header had", async (place) => {
  const { target, integer } = place;
  await target.execute(`CREATE TABLE t (id ${integer} PRIMARY KEY, a ${integer}, b text)`);
  await target.execute("INSERT INTO t VALUES (1, 1, 'keep')");
  const rejects = join(place.folder, "rejects.ndjson");
  const source = csv(await file(place, "rows.csv", ["id,a", "1,x", "2,x"]));
  const maxRejects = { kind: "count", rowsMax: 9 } as const;
  await place.host.load(source, place.backend, { ...UPSERT, maxRejects, rejects });
  const corrected = (await Deno.readTextFile(rejects)).replaceAll('"a":"x"', '"a":"5"');
  await Deno.writeTextFile(rejects, corrected);
  await place.host.replayRejects(rejects, place.backend, UPSERT);
  assertEquals(await contents(place), [["1", "5", "keep"], ["2", "5", null]]);
});

test("a load of rows that vary goes on where it stopped", async (place) => {
  await tableWithRow(place);
  const lines = [{ id: 1, a: "x" }, { id: 2, b: "y" }, { id: 3, a: "x" }, { id: 1, b: null }];
  const source = ndjson(await file(place, "rows.ndjson", lines));
  const options = { ...UPSERT, batchRowsMax: 2 };
  await place.host.load(source, place.backend, options);
  await place.target.execute("UPDATE t SET a = 'mine' WHERE id = 1");
  await file(place, "rows.ndjson", [...lines, { id: 4, b: "z" }, { id: 4, a: "w" }]);
  const report = await place.host.load(source, place.backend, options);
  assertEquals([report.skipped, report.committed, report.superseded], [4, 1, 1]);
  assertEquals(await contents(place), [
    ["1", "mine", null],
    ["2", null, "y"],
    ["3", "x", null],
    ["4", "w", "z"],
  ]);
});

test("a column that takes no NULL is needed for rows that are there too, unless it has a default", async (place) => {
  const { target, host, backend, integer } = place;
  const lines = (column: string) =>
    target.execute(`CREATE TABLE t (id ${integer} PRIMARY KEY, a text, b text NOT NULL${column});
      INSERT INTO t VALUES (1, 'old', 'keep')`);
  await lines("");
  const lacking = await file(place, "lacking.ndjson", [{ id: 1, a: "new" }]);
  const of = (path: string) => path.endsWith(".csv") ? csv(path) : ndjson(path);
  const paths = [lacking, await file(place, "lacking.csv", ["id,a", "1,new"])];
  for (const path of paths) {
    const error = await assertRejects(() => host.load(of(path), backend, UPSERT), LoadError);
    assertEquals(error.code, "column_required");
    assertStringIncludes(
      error.message,
      "requires columns that the source lacks: b. An upsert needs",
    );
    assertStringIncludes(error.message, "check NOT NULL before they look for the key");
  }
  const some = await file(place, "some.ndjson", [{ id: 2, a: "x", b: "y" }, { id: 1, a: "new" }]);
  const stopped = await assertRejects(
    () => host.load(ndjson(some), backend, UPSERT),
    LoadStoppedError,
  );
  assertStringIncludes(stopped.message, "an upsert needs one for a row that is there as well");
  assertEquals(await contents(place), [["1", "old", "keep"]]);
  await target.execute("DROP TABLE t");
  await lines(" DEFAULT ''");
  for (const path of paths) {
    await host.load(of(path), backend, { ...UPSERT, fresh: true });
    assertEquals(await contents(place), [["1", "new", "keep"]]);
  }
});
