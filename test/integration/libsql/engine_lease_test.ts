/** A file is never open on two engines of one process: they would not see each other's locks. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { fileKey } from "../../../host/drivers/libsql/engine_lease.ts";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import { loadNative } from "../../../host/drivers/libsql/native.ts";
import { SessionError } from "../../../host/drivers/libsql/session.ts";
import { loadSqlite } from "../../../host/drivers/libsql/sqlite.ts";
import { fileTarget, Scratch } from "./load_case.ts";

const NATIVE = { engine: "libsql" } as const;

Deno.test("two engines of one process do not see each other's locks, which is what leases are for", async () => {
  await using scratch = new Scratch();
  const [sqlite, native] = [await loadSqlite(), await loadNative()];
  const first = sqlite.open(scratch.path());
  first.exec("CREATE TABLE t (a INTEGER)");
  first.exec("BEGIN IMMEDIATE");
  const second = sqlite.open(scratch.path());
  assertThrows(() => second.exec("BEGIN IMMEDIATE"), SessionError, "SQLITE_BUSY");
  const third = native.open(scratch.path());
  third.exec("BEGIN IMMEDIATE");
  assertEquals([first.inTransaction, third.inTransaction], [true, true]);
  for (const database of [first, second, third]) database.close();
});

Deno.test("a file is the same by every path to it, before and after it is made", async () => {
  await using scratch = new Scratch();
  Deno.mkdirSync(scratch.path("folder"));
  Deno.symlinkSync("folder", scratch.path("link"));
  Deno.symlinkSync("link/test.db", scratch.path("dangling.db"));
  Deno.symlinkSync("circle.db", scratch.path("circle.db"));
  const paths = ["folder/test.db", "link/test.db", "dangling.db"].map((p) => scratch.path(p));
  const keys = () => new Set(paths.map((path) => fileKey(path)));
  const before = keys();
  assertEquals(before.size, 1);
  Deno.writeTextFileSync(paths[0]!, "");
  assertEquals(keys(), before);
  assert(!before.has(fileKey(scratch.path("circle.db"))));
});

Deno.test("a file that is in use on one engine is waited for, then refused on the other", async () => {
  await using scratch = new Scratch();
  const holder = await openFile(fileTarget(scratch.path()));
  await holder.setUp("PRAGMA journal_mode = WAL");
  await holder.begin();
  await holder.run("CREATE TABLE t (a INTEGER)");
  const started = performance.now();
  const target = fileTarget(scratch.path(), { ...NATIVE, busyTimeoutMs: 150 });
  const error = await assertRejects(() => openFile(target), LoadError);
  assert(performance.now() - started >= 140);
  assertEquals([error.code, error.vendorCode, error.retry], ["conflict", "ENGINE_IN_USE", true]);

  const waiting = openFile({ ...target, busyTimeoutMs: 10_000 });
  // Whoever comes now is not to keep the one that waits from its turn.
  await holder.run("INSERT INTO t VALUES (1)");
  await holder.commit();
  const other = await waiting;
  await other.run("INSERT INTO t VALUES (2)");
  await holder.run("INSERT INTO t VALUES (3)");
  assertEquals([holder.engine, other.engine], ["libsql", "libsql"]);
  assertEquals(await other.all("SELECT a FROM t ORDER BY a"), [[1n], [2n], [3n]]);
  await other.close();
  await holder.close();
});

Deno.test("a session with temporary tables does not let go of the file", async () => {
  await using scratch = new Scratch();
  const holder = await openFile(fileTarget(scratch.path()));
  await holder.run("CREATE TEMP TABLE s (a INTEGER)");
  const target = fileTarget(scratch.path(), { ...NATIVE, busyTimeoutMs: 100 });
  await assertRejects(() => openFile(target), LoadError, "open on SQLite's");
  assertEquals(await holder.all("SELECT count(*) FROM s"), [[0n]]);
  await holder.run("DROP TABLE s");
  await (await openFile({ ...target, busyTimeoutMs: 5_000 })).close();
  await holder.close();
});

Deno.test("all threads of the process go over to the other engine, and no row is lost", async () => {
  await using scratch = new Scratch();
  await scratch.exec("PRAGMA journal_mode = WAL", "CREATE TABLE t (a INTEGER PRIMARY KEY)");
  const workers = [1, 2].map(() => new SessionWorker(scratch.path()));
  let next = 0;
  const write = async () => await Promise.all(workers.map((w) => w.insert(next++)));
  assertEquals(await write(), ["sqlite", "sqlite"]);
  const native = await openFile(fileTarget(scratch.path(), NATIVE));
  const writeBoth = async (): Promise<void> => {
    const [engines] = await Promise.all([
      write(),
      native.run("INSERT INTO t VALUES (?)", [BigInt(1_000 + next)]),
    ]);
    assertEquals(engines, ["libsql", "libsql"]);
  };
  for (let round = 0; round < 20; round++) await writeBoth();
  await native.close();
  for (const worker of workers) await worker.close();
  const last = await openFile(fileTarget(scratch.path()));
  assertEquals(last.engine, "sqlite");
  assertEquals(await last.all("SELECT count(*), count(DISTINCT a) FROM t"), [[62n, 62n]]);
  assertEquals(await last.all("PRAGMA integrity_check"), [["ok"]]);
  await last.close();
});

/** A worker with a session of its own, which inserts the numbers that it is told. */
class SessionWorker {
  readonly #worker = new Worker(new URL("./session_worker.ts", import.meta.url), {
    type: "module",
  });
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Inserts a number; returns the engine on which it was done. */
  insert(number: number): Promise<string> {
    return this.#ask({ path: this.#path, number });
  }

  /** Closes its session and ends it. */
  async close(): Promise<void> {
    await this.#ask({ path: this.#path });
    this.#worker.terminate();
  }

  #ask(message: { path: string; number?: number }): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = (event) => resolve(String(event.data));
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      this.#worker.postMessage(message);
    });
  }
}
