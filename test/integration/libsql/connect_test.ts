import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { libsqlDriver } from "../../../host/drivers/libsql/driver.ts";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import {
  batchOf,
  begin,
  configOf,
  ENGINES,
  expectKind,
  fileTarget,
  orderOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";
import { writeOne } from "../../support/write_one.ts";

Deno.test("a URL without // is a file, relative to the working directory", () => {
  const cases: Record<string, string> = {
    "libsql:ast.db": `libsql:${Deno.cwd()}/ast.db`,
    "libsql:./dir/ast.db": `libsql:${Deno.cwd()}/dir/ast.db`,
    "libsql:/data/100%.db": "libsql:/data/100%.db",
    "file:ast.db": `libsql:${Deno.cwd()}/ast.db`,
    "file:/data/a%20b.db": "libsql:/data/a b.db",
    "file:///data/ast.db": "libsql:/data/ast.db",
    "file://localhost/data/ast.db": "libsql:/data/ast.db",
    "libsql://db.example.org": "libsql://db.example.org",
    "libsql://127.0.0.1:8080?tls=0": "libsql://127.0.0.1:8080?tls=0",
    "https://db.example.org/path": "https://db.example.org/path",
    "wss://db.example.org": "wss://db.example.org/",
  };
  for (const [url, endpoint] of Object.entries(cases)) {
    assertEquals(libsqlDriver.endpoint(configOf({ url })), endpoint, url);
  }
});

Deno.test("a URL that cannot be used is refused, and what it carries is not shown", () => {
  const cases: Record<string, string> = {
    "libsql::memory:": "name a file",
    "file::memory:?cache=shared": "neither parameters",
    "libsql:": "names no file",
    "libsql:ast.db?mode=ro": "neither parameters",
    "libsql:ast.db?authToken=hunter2": "authToken",
    "libsql://host?authToken=hunter2": "authToken",
    "https://me:hunter2@host": "authToken",
    "https://host?x=hunter2": "tls",
    "file://host/ast.db": "names no host",
    "postgres://host/db": "expected libsql:",
    "ast.db": "expected libsql:",
    "https://": "cannot be read",
  };
  for (const [url, hint] of Object.entries(cases)) {
    const error = assertThrows(() => libsqlDriver.endpoint(configOf({ url })), LoadError);
    assertEquals(error.code, "config_invalid", url);
    assertStringIncludes(error.message, hint);
    assert(!error.message.includes("hunter2"), url);
  }
});

for (const [engine, settings] of ENGINES) {
  Deno.test(`a path that is no place for a database says so, and the way out (${engine})`, async () => {
    await using scratch = new Scratch();
    await Deno.mkdir(scratch.path("folder"));
    await Deno.writeTextFile(scratch.path("notes.txt"), "These are notes.\n".repeat(200));
    const cases: [string, string, string][] = [
      [
        scratch.path("missing/ast.db"),
        "connection_failed",
        "its folder does not exist; make it first",
      ],
      [scratch.path("folder"), "connection_failed", "it is a folder"],
      [
        scratch.path("notes.txt/ast.db"),
        "connection_failed",
        "what should be its folder is a file",
      ],
      [scratch.path("notes.txt"), "database_failed", "no SQLite database"],
    ];
    for (const [path, code, hint] of cases) {
      const error = await assertRejects(
        () => scratch.connect({ ...settings, url: `libsql:${path}` }),
        LoadError,
      );
      assertEquals(error.code, code, path);
      assertStringIncludes(error.message, hint);
      assertStringIncludes(error.message, path);
    }
    assert((await Deno.readTextFile(scratch.path("notes.txt"))).startsWith("These are notes."));
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`a database that may not be written says so (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    // As a file without permission would; root is not held to permissions.
    await connection.run(["PRAGMA query_only = ON"]);
    const order = orderOf(shapeOf("append", { id: "int64" }));
    const error = await assertRejects(() => connection.prepareLoad(order), LoadError);
    assertEquals([error.code, error.vendorCode], ["privilege_missing", "SQLITE_READONLY"]);
    assertStringIncludes(error.message, "make the file and its folder writable");
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`session statements run, also those that return rows, and let go of the file (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    await connection.run([
      "PRAGMA journal_mode = WAL",
      "PRAGMA synchronous = NORMAL",
      "PRAGMA journal_mode = WAL",
    ]);
    await connection.run(["CREATE TABLE x (a)"]);
    assertEquals(await scratch.query("PRAGMA journal_mode"), [["wal"]]);
    await scratch.exec("INSERT INTO x VALUES (1)");
    const answer = await connection.probe("SELECT 1");
    assertEquals(answer.text, "1");
    assert(answer.latencyMs >= 0);
    const error = await assertRejects(() => connection.run(["SELEC 1"]), LoadError);
    assertEquals(error.code, "plan_refused");
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`a session statement waits for a lock that the engine does not wait for (${engine})`, async () => {
    await using scratch = new Scratch();
    const holder = await openFile(fileTarget(scratch.path(), { busyTimeoutMs: 0, ...settings }));
    const connection = await scratch.connect({ ...settings, busyTimeoutMs: 5_000 });
    await holder.run("CREATE TABLE x (a)");
    await holder.begin();
    const timer = setTimeout(() => holder.rollback(), 150);
    await connection.run(["PRAGMA journal_mode = WAL"]);
    clearTimeout(timer);
    await holder.close();
    assertEquals(await scratch.query("PRAGMA journal_mode"), [["wal"]]);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`a locked file is waited for, then the batch may be tried again (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect({ ...settings, busyTimeoutMs: 150 });
    const shape = shapeOf("append", { id: "int64" });
    await begin(connection, orderOf(shape));
    const holder = await openFile(fileTarget(scratch.path(), { busyTimeoutMs: 0, ...settings }));
    await holder.begin();
    const started = performance.now();
    const result = expectKind(await writeOne(connection, batchOf(shape, [{ id: 1 }])), "retry");
    assert(performance.now() - started >= 140);
    assertEquals([result.failure.kind, result.failure.code], ["conflict", "SQLITE_BUSY"]);
    assert(connection.usable);
    const order = orderOf(shape);
    const error = await assertRejects(() => connection.prepareLoad(order), LoadError);
    assertEquals([error.code, error.retry], ["conflict", true]);
    await holder.rollback();
    await holder.close();
    expectKind(await writeOne(connection, batchOf(shape, [{ id: 1 }])), "written");
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`two connections load into one file at once (${engine})`, async () => {
    await using scratch = new Scratch();
    const shape = shapeOf("upsert", { id: "int64 key", v: "text" });
    const order = orderOf(shape);
    const first = await scratch.connect(settings);
    const second = await scratch.connect(settings);
    for (const c of [first, second]) await c.run(["PRAGMA journal_mode = WAL"]);
    const { record } = await first.prepareLoad(order);
    await first.joinLoad(order, record);
    await second.joinLoad(order, record);
    const write = (sequence: number) => {
      const rows = Array.from(
        { length: 50 },
        (_, i) => ({ id: sequence * 50 + i, v: `${sequence}` }),
      );
      return writeOne(sequence % 2 ? first : second, batchOf(shape, rows, { sequence }));
    };
    for (let sequence = 0; sequence < 20; sequence += 2) {
      const results = await Promise.all([write(sequence), write(sequence + 1)]);
      for (const result of results) expectKind(result, "written");
    }
    const totals = { read: 1_000, committed: 1_000, superseded: 0, rejected: 0 };
    await second.finishLoad(order, record, totals);
    assertEquals(await scratch.query("SELECT count(*), count(DISTINCT id) FROM t"), [[
      1_000n,
      1_000n,
    ]]);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`two workers load into one file at once (${engine})`, async () => {
    await using scratch = new Scratch();
    await scratch.exec("PRAGMA journal_mode = WAL");
    const run = (first: number) =>
      new Promise<string>((resolve, reject) => {
        const worker = new Worker(new URL("./load_worker.ts", import.meta.url), { type: "module" });
        worker.onmessage = (event) => {
          worker.terminate();
          resolve(String(event.data));
        };
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
        worker.postMessage({ settings: { ...settings, url: `libsql:${scratch.path()}` }, first });
      });
    assertEquals(await Promise.all([run(0), run(10_000)]), ["done", "done"]);
    assertEquals(await scratch.query("SELECT count(*), count(DISTINCT id) FROM t"), [[
      4_000n,
      4_000n,
    ]]);
  });
}

Deno.test("plans and names that libSQL cannot take are refused before anything runs", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  const shape = shapeOf("append", { id: "int64" });
  const bare = {
    ...orderOf(shape).plan,
    write: { sql: "INSERT INTO {table} VALUES {rows}", row: "(1)", rowsMax: 1 },
  };
  const refused = async (order: ReturnType<typeof orderOf>): Promise<string> =>
    (await assertRejects(() => connection.prepareLoad(order), LoadError)).code;
  assertEquals(await refused(orderOf(shape, bare)), "plan_refused");
  assertEquals(
    await refused(orderOf(shapeOf("append", { id: "text", ID: "text" }))),
    "name_refused",
  );
  assertEquals(
    await refused(orderOf(shapeOf("append", { id: "text" }, "sqlite_x"))),
    "name_refused",
  );
  const elsewhere = { ...shape, table: { schema: "public", name: "t" } };
  assertEquals(await refused(orderOf(elsewhere)), "name_refused");
  assertEquals(await scratch.query("SELECT name FROM sqlite_schema"), []);
});

for (const [engine, settings] of ENGINES) {
  Deno.test(`libsql connection that only sets up leaves no file open behind it (${engine})`, async () => {
    await using scratch = new Scratch();
    const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;
    await (await scratch.connect(settings)).run(["PRAGMA journal_mode = wal"]);
    const before = descriptors();
    for (let i = 0; i < 20; i++) {
      const connection = await scratch.connect(settings);
      await connection.run(["PRAGMA synchronous = normal"]);
      await connection.close();
    }
    assertEquals(descriptors() - before < 5, true, `${descriptors() - before} more`);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`libsql session that wrote leaves nothing in the write-ahead log alone (${engine})`, async () => {
    await using scratch = new Scratch();
    const path = scratch.path();
    const session = await openFile(fileTarget(path, settings));
    await session.setUp("PRAGMA journal_mode = wal");
    await session.begin();
    await session.run("CREATE TABLE t (a INTEGER)");
    await session.run("INSERT INTO t VALUES (?)", [1n]);
    await session.commit();
    await session.close();
    Deno.copyFileSync(path, scratch.path("copy.db"));
    const copy = await openFile(fileTarget(scratch.path("copy.db")));
    assertEquals(await copy.all("SELECT a FROM t"), [[1n]]);
    await copy.close();
  });
}
