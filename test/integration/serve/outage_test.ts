/** `snakepipe serve` when what it needs is not there for a while: a server, room on a disk, time to end. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { missingDisk, tmpfs } from "../../crash/disk_full.ts";
import { FAMILIES } from "../../families/families.ts";
import { eventually } from "../../support/eventually.ts";
import { testWhere } from "../../support/test_where.ts";
import { withFolder } from "../../support/target.ts";
import { rowsFrom, ServeFolder } from "./serve_program.ts";

const ROWS = 60_000;

for (const family of FAMILIES) {
  if ("untried" in family.crash) continue;
  const { openServer, openPlaces } = await family.crash();
  if (!openServer) continue;
  Deno.test(`serve goes on when a server that crashed is back, under a load and before one: ${family.name}`, () =>
    withFolder(async (scratch) => {
      await using server = await openServer();
      await using places = await openPlaces({ folder: scratch, serverUrl: server.url });
      const place = await places.next();
      const table = place.table;
      await using folder = await ServeFolder.create({
        backends: { db: { type: family.plugin, url: place.url } },
        default: "db",
        loads: {
          first: { source: "first.ndjson", table, batchRows: 300, watch: true, connections: 2 },
          second: { source: "second.ndjson", table, batchRows: 300 },
        },
      });
      await place.execute(`DROP TABLE IF EXISTS ${place.sqlName("t")}`);
      await Deno.writeTextFile(folder.path("first.ndjson"), rowsFrom(0, ROWS));
      await Deno.writeTextFile(folder.path("second.ndjson"), rowsFrom(ROWS, 1_000));
      await using serve = folder.serve();
      await serve.underWay("first");
      await server.crash();
      await serve.says(/retry \d+ of|is tried again|out of service|circuit breaker/);
      await server.start();
      await serve.until("first", "complete", 120_000);

      await server.crash();
      assertEquals(await serve.run("second"), 202);
      await eventually("it is tried again", async () => {
        const load = await serve.load("second");
        return load?.state === "retrying" || /is down/.test(load?.detail ?? "");
      });
      await eventually("it is not ready", async () => (await serve.ask("/readyz")).status === 503);
      assertEquals((await serve.ask("/healthz")).status, 200);
      await server.start();
      await serve.until("second", "complete", 120_000);
      await eventually("it is ready", async () => (await serve.ask("/readyz")).status === 200);
      assertEquals((await serve.stop()).code, 0);
      const all = ROWS + 1_000;
      const [row] = await place.rows(
        `SELECT count(*), count(DISTINCT id), min(id), max(id) FROM ${place.sqlName("t")}`,
      );
      assertEquals(row!.map(Number), [all, all, 0, all - 1]);
    }));
}

/** A load into a SQLite file, which a lock of somebody else stops at once. */
const CONFIG = {
  backends: { file: { type: "libsql", url: "libsql:db/out.db", busyTimeoutMs: 60_000 } },
  default: "file",
  loads: { rows: { source: "rows.ndjson", table: "t", batchRows: 300, watch: true } },
};

async function withRows(act: (folder: ServeFolder) => Promise<void>): Promise<void> {
  await using folder = await ServeFolder.create(CONFIG);
  await Deno.mkdir(folder.path("db"));
  await Deno.writeTextFile(folder.path("rows.ndjson"), rowsFrom(0, ROWS));
  await act(folder);
}

function ids(folder: ServeFolder): unknown {
  const sql = "SELECT count(*), count(DISTINCT id), min(id), max(id) FROM t";
  return folder.query("db/out.db", sql)[0];
}

/** Keeps everybody else from writing, until it is closed. */
async function locked(folder: ServeFolder): Promise<DatabaseSync> {
  const database = new DatabaseSync(folder.path("db", "out.db"));
  await eventually("the lock", () => {
    try {
      database.exec("BEGIN EXCLUSIVE");
      return true;
    } catch {
      return false;
    }
  });
  return database;
}

async function completes(folder: ServeFolder): Promise<void> {
  await using serve = folder.serve();
  await serve.until("rows", "complete");
  assertEquals((await serve.stop()).code, 0);
  assertEquals(ids(folder), [ROWS, ROWS, 0, ROWS - 1]);
}

Deno.test("serve finishes the batches in hand at the first signal, and the next one loads the rest", () =>
  withRows(async (folder) => {
    {
      await using serve = folder.serve();
      await serve.underWay("rows");
      assertEquals(await serve.stop(), { code: 0, signal: null });
      await serve.says(/Stopped: what is unfinished goes on at the next start/);
      const state = JSON.parse(await Deno.readTextFile(folder.path("snakepipe.state")));
      assertEquals(Object.keys(state.unfinished), ["rows"]);
      const [count] = ids(folder) as [number];
      assert(count > 0 && count < ROWS && count % 300 === 0, `${count} rows in whole batches`);
    }
    await completes(folder);
  }));

Deno.test("serve ends after its deadline although a batch is in hand, and after a second signal at once", () =>
  withRows(async (folder) => {
    for (const [args, signals] of [[["--drain", "0.3"], 1], [[], 2]] as const) {
      await using serve = folder.serve(...args);
      await serve.underWay("rows");
      const lock = await locked(folder);
      try {
        serve.kill("SIGTERM");
        await serve.says(/Stopping after the batch in hand/);
        if (signals === 2) serve.kill("SIGTERM");
        assertEquals((await serve.ended).code, 143);
        if (signals === 1) await serve.says(/Stopped after 0\.3 s, with batches in hand/);
      } finally {
        lock.close();
      }
    }
    await completes(folder);
  }));

testWhere(
  await missingDisk(),
  "serve waits for room on a disk that is full, for rows and for what it remembers",
  () =>
    withRows(async (folder) => {
      const disk = folder.path("db");
      assert(await tmpfs(disk, "size=700k"));
      try {
        await using serve = folder.serve("--state", "db/state");
        const stuck = await serve.until("rows", "retrying");
        assertEquals(stuck.last?.error?.code, "resource_exhausted");
        assertMatch(stuck.detail!, /room|full/);
        // Whatever else is written there finds no room either.
        await Deno.writeFile(folder.path("db", "filler"), new Uint8Array(2 ** 21)).catch(() => {});
        assertEquals((await serve.ask("/healthz")).status, 200);
        assert(await tmpfs(disk, "remount,size=256m"));
        await serve.until("rows", "complete");
        assertEquals((await serve.stop()).code, 0);
        assertEquals(ids(folder), [ROWS, ROWS, 0, ROWS - 1]);
      } finally {
        await new Deno.Command("umount", { args: [disk] }).output();
      }
    }),
);
