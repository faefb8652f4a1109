/** Files that are not written as most are, into both databases: read as they are meant, or refused. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { Host, LoadOptions, LoadReport } from "../../mod.ts";
import { openSource, type OpenSourceOptions } from "../../host/sources/open_source.ts";
import { LoadStoppedError } from "../../src/load/report.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

/** A database, and a folder for sources. */
interface Place {
  readonly target: Target;
  readonly host: Host;
  readonly folder: string;
}

type Options = LoadOptions & OpenSourceOptions;

async function load(
  { target, host, folder }: Place,
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Options = {},
): Promise<LoadReport> {
  const paths = Object.keys(files).map((name) => `${folder}/${name}`);
  for (const [i, content] of Object.values(files).entries()) {
    if (typeof content === "string") await Deno.writeTextFile(paths[i]!, content);
    else await Deno.writeFile(paths[i]!, content);
  }
  const backend = await host.createBackend(target.type, target.config);
  try {
    return await host.load(openSource(paths, options), backend, { table: "t", ...options });
  } finally {
    await backend.close();
  }
}

async function stopped(...args: Parameters<typeof load>): Promise<LoadStoppedError> {
  return await assertRejects(() => load(...args), LoadStoppedError);
}

/** The rows of a table as text, in the order of their first column. */
async function rowsOf({ target }: Place, columns: readonly string[], table = "t") {
  const list = columns.map((name) => `${target.textOf(name)} AS ${name}`).join(", ");
  const rows = await target.query(`SELECT ${list} FROM ${table} ORDER BY ${columns[0]}`);
  return rows.map((row) => columns.map((name) => row[name] ?? null));
}

const ARRAY = '[\n  {"id": 1, "v": "a]"},\n  {"id": 2,\n   "v": "b"}, {"id": 3}\n]\n';
const PRETTY = '{\n  "id": 1,\n  "v": "a]"\n}\n{\n  "id": 2,\n  "v": "b"\n}{"id":3}';
const OBJECTS = [["1", "a]"], ["2", "b"], ["3", null]];

type Test = (place: Place) => Promise<void>;

const TESTS: Readonly<Record<string, Test>> = {
  "an array of objects is read element by element, and goes on where it stopped": async (place) => {
    const array = `[${Array.from({ length: 50 }, (_, id) => `{"id":${id},"v":"x"}`).join(",\n")}]`;
    const report = await load(place, { "a.json": array }, { batchRowsMax: 7 });
    assertEquals([report.committed, report.batches], [50, 8]);
    await place.target.execute("DELETE FROM _snakepipe_batch WHERE sequence IN (2, 7)");
    await place.target.execute("DELETE FROM t WHERE id BETWEEN 14 AND 20 OR id = 49");
    const again = await load(place, { "a.json": array }, { batchRowsMax: 7 });
    assertEquals([again.committed, again.skipped], [8, 42]);
    const ids = (await rowsOf(place, ["id"])).map(([id]) => Number(id));
    assertEquals(ids.toSorted((a, b) => a - b), Array.from({ length: 50 }, (_, id) => id));
  },

  "an array, and objects on several lines, are read in every mode and packed too": async (
    place,
  ) => {
    for (const [i, text] of [ARRAY, PRETTY].entries()) {
      for (const mode of ["append", "upsert", "replace"] as const) {
        const key = mode === "upsert" ? { key: ["id"] } : {};
        const table = `t${i}${mode}`;
        await load(place, { [`${table}.json.gz`]: gzipSync(text) }, { mode, table, ...key });
        assertEquals(await rowsOf(place, ["id", "v"], table), OBJECTS, `${table}`);
      }
    }
  },

  "an element that is no object is rejected, and its line told": async (place) => {
    const bad = '[{"id":1},\n7,\n[8],\n{"id":"x"},\n{"id":2}]';
    await place.target.execute("CREATE TABLE t (id int PRIMARY KEY)");
    const error = await stopped(place, { "a.json": bad });
    assertEquals(error.code, "rows_rejected");
    assertEquals(error.issues.map(({ path }) => path.slice(path.lastIndexOf("/"))), [
      "/a.json:2:1",
      "/a.json:3:1",
      "/a.json:4",
    ]);
    const rejects = `${place.folder}/rejects.ndjson`;
    const report = await load(place, { "a.json": bad }, {
      rejects,
      maxRejects: { kind: "count", rowsMax: 3 },
    });
    assertEquals([report.committed, report.rejected], [2, 3]);
    const kept = (await Deno.readTextFile(rejects)).trimEnd().split("\n").map((l) => JSON.parse(l));
    assertEquals(kept.map(({ line, text, row }) => [line, text ?? row]), [
      [2, "7"],
      [3, "[8]"],
      [4, { id: "x" }],
    ]);
  },

  "JSON that is cut off stops the load, and so does what stands behind an array": async (place) => {
    for (
      const [name, text, what] of [
        ["a.json", ARRAY.slice(0, -3), "line 4 an element begins, behind which the array"],
        ["b.json", `${ARRAY}{"id":4}`, "line 6 something stands behind the array"],
        ["c.json", PRETTY.slice(0, -1), "line 8 an object begins that is not closed"],
      ] as const
    ) {
      const error = await stopped(place, { [name]: text }, {
        maxRejects: { kind: "share", share: 1 },
        rejectTable: true,
      });
      assertEquals([error.code, error.report.committed], ["source_malformed", 0]);
      assert(error.message.includes(what), error.message);
    }
  },

  "CSV whose lines end in a carriage return alone is read": async (place) => {
    const text = 'id,v\r1,a\r\r2,"b\r\nc"\r3,\r';
    const report = await load(place, { "a.csv": text });
    assertEquals(report.committed, 3);
    assertEquals(await rowsOf(place, ["id", "v"]), [["1", "a"], ["2", "b\r\nc"], ["3", null]]);
    const bad = await stopped(place, { "b.csv": "id,v\r4,d\r\r5\r6,e\nf\r" });
    assertEquals(bad.issues.map(({ path }) => path.slice(path.lastIndexOf("/"))), [
      "/b.csv:4:2",
      "/b.csv:5:5",
    ]);
    const given = await load(place, { "c.tsv": "7\tg\r8\th" }, { header: ["id", "v"] });
    assertEquals(given.committed, 2);
  },

  "a blank line of CSV is a row of NULL where there is one column, and else none": async (
    place,
  ) => {
    await load(place, { "one.csv": "v\n1\n\n2\n\n" }, { table: "one" });
    assertEquals((await place.target.query("SELECT 1 FROM one")).length, 4);
    assertEquals((await place.target.query("SELECT 1 FROM one WHERE v IS NULL")).length, 2);
    await load(place, { "two.csv": "v,w\n1,2\n\n3,4\n\n" }, { table: "two" });
    assertEquals(await rowsOf(place, ["v", "w"], "two"), [["1", "2"], ["3", "4"]]);
  },

  "a quote that is left open stops the load, whatever may be left out": async (place) => {
    const text = 'id,v\n1,a\n2,"b\n3,c\n4,d\n';
    const rejects = `${place.folder}/rejects.ndjson`;
    for (const create of [false, true]) {
      if (create) await place.target.execute("CREATE TABLE t (id int, v text)");
      for (const files of [{ "a.csv": text }, { "a.csv.gz": gzipSync(text) }]) {
        const error = await stopped(place, files, {
          rejects,
          maxRejects: { kind: "share", share: 1 },
        });
        assertEquals([error.code, error.report.rejected], ["source_malformed", 0]);
        assert(error.message.includes("in line 3 a quote opens a field"), error.message);
      }
    }
    assertEquals(await Deno.readTextFile(rejects), "");
    assertEquals(await rowsOf(place, ["id"]), []);
  },

  "no message shows what stands in a header": async (place) => {
    await place.target.execute("CREATE TABLE t (id int, v text)");
    const files = { "a.csv": "secret,hidden\nveiled,covered\n" };
    const messages: string[] = [];
    for (
      const options of [
        {},
        { mode: "upsert", key: ["id"], table: "new" },
        { schema: [{ name: "id", type: "int64", nullable: true, key: false }], table: "new" },
      ] as const satisfies Options[]
    ) {
      const error = await stopped(place, files, options);
      messages.push(error.message + JSON.stringify(error.issues));
    }
    assertEquals(messages.filter((text) => /secret|hidden|veiled|covered/.test(text)), []);
    assert(messages[0]!.includes("field 1 of its header, field 2 of its header"), messages[0]);
    assert(messages[1]!.includes("The key names columns that the rows do not have"), messages[1]);
    assert(messages[2]!.includes("Field 1 of the header is no column"), messages[2]);
  },
};

for (const kind of TARGET_KINDS) {
  for (const [name, test] of Object.entries(TESTS)) {
    Deno.test(`source form: ${kind.name}: ${name}`, () =>
      kind.use(async (target) => {
        await using host = await openHost();
        await withFolder((folder) => test({ target, host, folder }));
      }));
  }
}
