/**
 * Files by ranges into SQLite files, whose images are made in one thread while another inserts them,
 * against the same files in batches that are read before: the same rows in the table, and the same words
 * in the ledger.
 */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { csv } from "../../../host/sources/csv.ts";
import { ndjson } from "../../../host/sources/ndjson.ts";
import { LoadStoppedError } from "../../../src/load/report.ts";
import { logTo } from "../../../src/model/log.ts";
import type { Host, LoadOptions, LoadReport } from "../../../mod.ts";
import { openHost, withFolder } from "../../support/target.ts";

/** Larger sources have a worker, and no others are written by ranges. */
const ROWS = 9_000;
const RANGE_BYTES = 90_000;
/** A limit of rows that no batch meets: the batches are read before they are written. */
const READ_BEFORE = { batchRowsMax: 120_000 };

interface Place {
  readonly host: Host;
  readonly folder: string;
  /** How many batches were written as images that were made ahead. */
  ahead(): number;
}

async function withPlace(act: (place: Place) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    let ahead = 0;
    logTo((category, text) => {
      if (category === "batch" && text === "written while it was read") ahead++;
    });
    try {
      await using host = await openHost();
      await act({ host, folder, ahead: () => ahead });
    } finally {
      logTo(undefined);
    }
  });
}

function all(path: string, sql: string): unknown[] {
  using database = new DatabaseSync(path);
  return database.prepare(sql).all();
}

function exec(path: string, ...statements: readonly string[]): void {
  using database = new DatabaseSync(path);
  for (const sql of statements) database.exec(sql);
}

/** What is the same however it was loaded. */
function contentOf(path: string): unknown {
  assertEquals(all(path, "PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
  return {
    rows: all(path, "SELECT id, quote(name) AS name, typeof(v) AS type, quote(v) AS v FROM t"),
    ledger: all(
      path,
      `SELECT sequence, byte_first, byte_end, rows_read, committed, rejected, superseded, ordinal_first,
  content_hash, hex(row_marks) AS marks FROM _snakepipe_batch ORDER BY byte_first`,
    ),
  };
}

interface Loaded extends LoadOptions {
  readonly asCsv?: boolean;
}

async function load(
  { host, folder }: Place,
  database: string,
  { asCsv = false, ...options }: Loaded,
): Promise<LoadReport> {
  const source = asCsv ? csv(`${folder}/rows.csv`) : ndjson(`${folder}/rows.ndjson`);
  const backend = await host.createBackend("libsql", { url: `libsql:${folder}/${database}` });
  try {
    return await host.load(source, backend, {
      ...{ table: "t", load: "rows", batchBytesMax: RANGE_BYTES, ...options },
    });
  } finally {
    await backend.close();
  }
}

function row(id: number): string {
  const name = id % 50 === 0 ? `n\\u00fc${id}` : "n".repeat(id % 90);
  return `{"id":${id},"name":"${name}","v":${id % 7 === 0 ? `${id}.25` : id}}\n`;
}

const LINES = Array.from({ length: ROWS }, (_, id) => row(id)).join("");
const CSV = "id,name,v\n" +
  Array.from({ length: ROWS }, (_, id) => `${id},"n ""${id}"", ${"x".repeat(id % 40)}",${id}.5\n`)
    .join("");

const TABLES: Readonly<Record<string, readonly string[]>> = {
  "with columns like the image's": ["CREATE TABLE t (id INTEGER NOT NULL, name TEXT, v REAL)"],
  "with a column that the rows lack": [
    "CREATE TABLE t (extra TEXT DEFAULT 'e', id BIGINT, name CLOB, v DOUBLE)",
  ],
  "with a key, an index and a trigger": [
    "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, v REAL)",
    "CREATE INDEX named ON t (name, v)",
    "CREATE TABLE told (id)",
    "CREATE TRIGGER tells AFTER INSERT ON t BEGIN INSERT INTO told VALUES (new.id); END",
  ],
};

for (const [what, statements] of Object.entries(TABLES)) {
  for (const asCsv of [false, true]) {
    const from = asCsv ? "CSV" : "lines";
    Deno.test(`libsql ranges: ${from} into a table ${what} come to the same as in batches`, () =>
      withPlace(async (place) => {
        const { folder } = place;
        await Deno.writeTextFile(`${folder}/rows.ndjson`, LINES);
        await Deno.writeTextFile(`${folder}/rows.csv`, CSV);
        for (const name of ["ranges.db", "read.db"]) exec(`${folder}/${name}`, ...statements);
        const ranges = await load(place, "ranges.db", { asCsv });
        assertEquals(place.ahead(), ranges.batches);
        const read = await load(place, "read.db", { asCsv, ...READ_BEFORE });
        assertEquals(place.ahead(), ranges.batches, "the other was read before");
        assertEquals([ranges.committed, read.committed], [ROWS, ROWS]);
        assertEquals(contentOf(`${folder}/ranges.db`), contentOf(`${folder}/read.db`));
      }));
  }
}

for (const mode of ["upsert", "replace"] as const) {
  Deno.test(`libsql ranges: ${mode} comes to the same as in batches`, () =>
    withPlace(async (place) => {
      const { folder } = place;
      // Keys come again, within a range and across ranges.
      const again = LINES + Array.from({ length: 3_000 }, (_, i) => row(i % 700)).join("");
      await Deno.writeTextFile(`${folder}/rows.ndjson`, mode === "upsert" ? again : LINES);
      for (const name of ["ranges.db", "read.db"]) {
        exec(
          `${folder}/${name}`,
          "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, v REAL)",
          "INSERT INTO t VALUES (5, 'before', 1.5), (1000000, 'stays', 2)",
        );
      }
      const options = mode === "upsert" ? { mode, key: ["id"] } : { mode };
      const ranges = await load(place, "ranges.db", options);
      assertEquals(place.ahead(), ranges.batches);
      const read = await load(place, "read.db", { ...options, ...READ_BEFORE });
      const of = ({ read, committed, superseded }: LoadReport) => ({ read, committed, superseded });
      assertEquals(of(ranges), of(read));
      assertEquals(contentOf(`${folder}/ranges.db`), contentOf(`${folder}/read.db`));
    }));
}

const BAD: Readonly<Record<string, string>> = {
  "is no JSON": '{"id":',
  "does not fit": '{"id":"many"}',
  "has a field that the table lacks": '{"id":7,"other":1}',
  "is there already": '{"id":3}',
  "breaks a CHECK": '{"id":-1}',
};

for (const [what, bad] of Object.entries(BAD)) {
  Deno.test(`libsql ranges: a row that ${what} stops the load as it does in a batch`, () =>
    withPlace(async (place) => {
      const { folder } = place;
      await Deno.writeTextFile(`${folder}/rows.ndjson`, LINES.replace(row(5_000), `${bad}\n`));
      const refusal = async (name: string, options: Loaded) => {
        exec(
          `${folder}/${name}`,
          "CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id >= 0), name TEXT, v REAL)",
        );
        const error = await assertRejects(() => load(place, name, options), LoadStoppedError);
        const rows = all(`${folder}/${name}`, "SELECT id FROM t ORDER BY id");
        return { code: error.code, message: error.message.replaceAll(name, ""), rows };
      };
      const ranges = await refusal("ranges.db", {});
      assert(place.ahead() > 1, "those before it are written ahead");
      assert(ranges.message.includes(":5001:"), ranges.message);
      assertEquals(ranges, await refusal("read.db", READ_BEFORE));
    }));
}

Deno.test("libsql ranges: what is missing is loaded where a load has stopped, each way after the other", () =>
  withPlace(async (place) => {
    const { folder } = place;
    for (const [first, second] of [[{}, READ_BEFORE], [READ_BEFORE, {}], [{}, {}]]) {
      const path = `${folder}/t.db`;
      exec(path, "DROP TABLE IF EXISTS t", "CREATE TABLE t (id INTEGER, name TEXT, v REAL)");
      await Deno.writeTextFile(
        `${folder}/rows.ndjson`,
        LINES.replace('{"id":5000,', '{"id":"no",'),
      );
      await assertRejects(() => load(place, "t.db", { ...first, fresh: true }), LoadStoppedError);
      await Deno.writeTextFile(`${folder}/rows.ndjson`, LINES);
      const report = await load(place, "t.db", { ...second });
      assert(report.skipped > 0 && report.committed > 0, JSON.stringify(report));
      const count = "SELECT count(*) AS n, count(DISTINCT id) AS ids FROM t";
      assertEquals(all(path, count), [{ n: ROWS, ids: ROWS }]);
    }
    assert(place.ahead() > 0);
  }));

Deno.test("libsql ranges: a file that is replaced while it is loaded is read to its end all the same", () =>
  withPlace(async (place) => {
    const { folder } = place;
    const path = `${folder}/rows.ndjson`;
    await Deno.writeTextFile(path, LINES);
    await Deno.writeTextFile(`${path}.new`, LINES.replaceAll('"id":', '"id":1'));
    let replaced = false;
    const onProgress = () => {
      if (!replaced) Deno.renameSync(`${path}.new`, path);
      replaced = true;
    };
    const report = await load(place, "t.db", { onProgress });
    assertEquals([report.state, report.committed], ["complete", ROWS]);
    const count = "SELECT max(id) AS last, count(DISTINCT id) AS ids FROM t";
    assertEquals(all(`${folder}/t.db`, count), [{ last: ROWS - 1, ids: ROWS }]);
    assert(place.ahead() > 0 && place.ahead() < report.batches, String(place.ahead()));
  }));

Deno.test("libsql ranges: none where the settings say that statements are sent", () =>
  withPlace(async (place) => {
    const { folder, host } = place;
    await Deno.writeTextFile(`${folder}/rows.ndjson`, LINES);
    const config = { url: `libsql:${folder}/t.db`, bulk: "insert" };
    const backend = await host.createBackend("libsql", config);
    const report = await host.load(ndjson(`${folder}/rows.ndjson`), backend, { table: "t" });
    await backend.close();
    assertEquals([report.committed, place.ahead()], [ROWS, 0]);
  }));
