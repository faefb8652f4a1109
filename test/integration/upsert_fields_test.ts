/** An upsert changes what its record has, on both databases and from every source: absent is not NULL. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { csv, type DatabaseBackend, type Host, ndjson } from "../../mod.ts";
import type { LoadOptions } from "../../host/load/load.ts";
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
