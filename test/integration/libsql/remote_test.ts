import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import {
  batchOf,
  begin,
  expectKind,
  loadAll,
  orderOf,
  planOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";
import { writeOne } from "../../support/write_one.ts";

const SHAPE = shapeOf("append", { id: "int64 key", x: "float64" });

Deno.test("a server is given the token, and refuses another without showing it", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path(), { token: "right" });
  const connection = await scratch.connect({ url: server.url, authToken: "right" });
  assertEquals((await connection.probe("SELECT 1")).text, "1");
  const error = await assertRejects(
    () => scratch.connect({ url: server.url, authToken: "hunter2" }),
    LoadError,
  );
  assertEquals([error.code, error.vendorCode], ["authentication_failed", "HTTP_401"]);
  assertStringIncludes(error.message, server.url);
  assert(!Deno.inspect(error).includes("hunter2"));
});

Deno.test("a server that is not there is named", async () => {
  await using scratch = new Scratch();
  const server = startLibsqlServer(scratch.path());
  await server[Symbol.asyncDispose]();
  for (const url of [server.url, server.webSocketUrl]) {
    const error = await assertRejects(() => scratch.connect({ url }), LoadError);
    assertEquals([error.code, error.retry], ["connection_failed", true]);
    assertStringIncludes(error.message, url);
  }
});

Deno.test("a server that does not answer costs no more than requestTimeoutMs", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url, requestTimeoutMs: 200 });
  await begin(connection, orderOf(SHAPE));
  let release = (): void => {};
  const held = new Promise<undefined>((resolve) => release = () => resolve(undefined));
  server.intercept = () => held;
  const started = performance.now();
  const result = expectKind(await writeOne(connection, batchOf(SHAPE, [{ id: 1 }])), "retry");
  assert(performance.now() - started < 10_000);
  assertEquals(result.failure.kind, "timeout");
  assertEquals(connection.usable, false);
  release();
});

Deno.test("a commit whose answer is lost may be sent again, and the ledger resolves it", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const order = orderOf(SHAPE);
  const first = await scratch.connect({ url: server.url });
  const record = await begin(first, order);
  server.intercept = async (sql) => {
    if (!sql.includes('"COMMIT"')) return undefined;
    server.intercept = undefined;
    await fetch(`${server.url}/v2/pipeline`, { method: "POST", body: sql }).then((r) => r.text());
    return new Response("gone", { status: 502 });
  };
  const lost = expectKind(await writeOne(first, batchOf(SHAPE, [{ id: 1 }])), "retry");
  assertEquals([lost.failure.commitUnknown, lost.failure.code], [true, "HTTP_502"]);

  const second = await scratch.connect({ url: server.url });
  await second.joinLoad(order, record);
  const again = expectKind(await writeOne(second, batchOf(SHAPE, [{ id: 1 }])), "written");
  assertEquals([again.counts.committed, again.alreadyIn], [1, true]);
  assertEquals(await scratch.query("SELECT id FROM t"), [[1n]]);
});

Deno.test("a session that the server has ended may be tried again", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await begin(connection, orderOf(SHAPE));
  server.intercept = (sql) => {
    if (!sql.includes("_snakepipe_batch")) return Promise.resolve(undefined);
    const body = { message: "The stream has expired", code: "STREAM_EXPIRED" };
    return Promise.resolve(Response.json(body, { status: 400 }));
  };
  const result = expectKind(await writeOne(connection, batchOf(SHAPE, [{ id: 1 }])), "retry");
  assertEquals([result.failure.kind, result.failure.code], ["connection", "STREAM_EXPIRED"]);
  assertEquals(connection.usable, false);
});

Deno.test("a batch that is too much for the server asks to be split", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await begin(connection, orderOf(SHAPE));
  server.intercept = (sql) =>
    Promise.resolve(sql.includes("INSERT INTO") ? new Response("", { status: 413 }) : undefined);
  const result = expectKind(await writeOne(connection, batchOf(SHAPE, [{ id: 1 }])), "split");
  assertEquals(result.failure.code, "HTTP_413");
});

Deno.test("a connection that is closed in a transaction lets go of the server's lock", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await begin(connection, orderOf(SHAPE));
  let closed: Promise<void> | undefined;
  server.intercept = (sql) => {
    if (sql.includes("INSERT INTO")) closed ??= connection.close();
    return Promise.resolve(undefined);
  };
  const result = await writeOne(connection, batchOf(SHAPE, [{ id: 1 }]));
  assertEquals(result.kind, "retry");
  await closed;
  server.intercept = undefined;
  const other = await scratch.connect({ url: server.url });
  await loadAll(other, orderOf(SHAPE), [{ id: 1 }]);
});

Deno.test("an infinite number rejects its row, since the protocol cannot carry it", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const rows = [{ id: 1, x: 0.5 }, { id: 2, x: "Infinity" }, { id: 3, x: null }];
  const remote = await scratch.connect({ url: server.url });
  await begin(remote, orderOf(SHAPE));
  const result = expectKind(await writeOne(remote, batchOf(SHAPE, rows)), "reject");
  assertEquals(result.rows.map((r) => [r.ordinal, r.code]), [[1, "data"]]);
  const local = await scratch.connect();
  await loadAll(local, orderOf(SHAPE), rows);
  assertEquals(await scratch.query("SELECT x FROM t WHERE id = 2"), [[Infinity]]);
});

Deno.test("session statements are left out, and a plan that stages is refused", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await connection.run(["PRAGMA journal_mode = WAL"]);
  assert(!server.statements.some((sql) => sql.startsWith("PRAGMA")));
  const plan = planOf(SHAPE, { stage: ["CREATE TEMP TABLE {staging} (a)"] });
  const error = await assertRejects(() => connection.prepareLoad(orderOf(SHAPE, plan)), LoadError);
  assertEquals(error.code, "plan_refused");
});

Deno.test("a table is described through a server as in a file", async () => {
  await using scratch = new Scratch();
  await scratch.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL UNIQUE)");
  await using server = startLibsqlServer(scratch.path());
  const remote = await scratch.connect({ url: server.url });
  const local = await scratch.connect();
  assertEquals(await remote.describeTable({ name: "t" }), await local.describeTable({ name: "t" }));
});

Deno.test("a batch costs a server one request, its commit another, whatever its statements", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await begin(connection, orderOf(SHAPE, planOf(SHAPE, { rowsMax: 7 })));
  let requests: string[] = [];
  server.intercept = (sql) => {
    requests.push(sql);
    return Promise.resolve(undefined);
  };
  const rows = (from: number) =>
    Array.from({ length: 500 }, (_, i) => ({ id: from + i, x: (from + i) / 2 }));
  const first = batchOf(SHAPE, rows(0));
  expectKind(await writeOne(connection, first), "written");
  // The row of the load notes the table's first row, as a hash, which no SQL function makes.
  assertEquals(requests.length, 3);
  assertStringIncludes(requests[1]!, "SET table_state");
  assertStringIncludes(requests[2]!, '"COMMIT"');

  for (const sequence of [1, 2]) {
    requests = [];
    const next = batchOf(SHAPE, rows(500 * sequence), { sequence, ordinal: 500 * sequence });
    expectKind(await writeOne(connection, next), "written");
    assertEquals(requests.length, 2);
    assertStringIncludes(requests[0]!, "BEGIN IMMEDIATE");
    assertStringIncludes(requests[0]!, "RETURNING");
    assertStringIncludes(requests[1]!, '"COMMIT"');
  }

  requests = [];
  expectKind(await writeOne(connection, first), "written");
  assert(requests.length <= 3, `${requests.length} requests for a batch that is in`);
  assertEquals(await scratch.query("SELECT count(*), sum(x) FROM t"), [[1500n, 562_125]]);
});

Deno.test("a table that a server has changed is counted before rows of a batch are in it", async () => {
  await using scratch = new Scratch();
  const shape = shapeOf("upsert", { id: "int64 key", x: "float64" });
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await begin(connection, orderOf(shape));
  const batch = (sequence: number) => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ id: 10 * sequence + i, x: 0.5 }));
    return batchOf(shape, rows, { sequence, ordinal: 10 * sequence });
  };
  for (const sequence of [0, 1]) {
    expectKind(await writeOne(connection, batch(sequence)), "written");
  }
  let requests = 0;
  server.intercept = () => {
    requests++;
    return Promise.resolve(undefined);
  };
  await scratch.exec("DELETE FROM t WHERE id IN (0, 19)");
  expectKind(await writeOne(connection, batch(2)), "written");
  assertEquals(requests, 4, "BEGIN and rows, ROLLBACK, once more with a count, COMMIT");
  assertEquals(await scratch.query("SELECT count(*) FROM t"), [[28n]]);

  // As many rows as the largest batch has are there again with those of this one.
  await scratch.exec("DELETE FROM t");
  const { failure } = expectKind(await writeOne(connection, batch(3)), "fatal");
  assertEquals(failure.kind, "table_changed");
  assertStringIncludes(failure.message, "holds 0 rows, and this load has committed 10 to it");
  assertEquals(await scratch.query("SELECT count(*) FROM t"), [[0n]]);
});

Deno.test("a large batch goes to a server in pieces of one transaction", async () => {
  await using scratch = new Scratch();
  const shape = shapeOf("append", { id: "int64 key", v: "text" });
  await scratch.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT CHECK (v <> 'bad'))");
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  const order = orderOf(shape);
  const record = await begin(connection, order);
  let requests = 0;
  let bytesMax = 0;
  server.intercept = (sql) => {
    requests++;
    bytesMax = Math.max(bytesMax, sql.length);
    return Promise.resolve(undefined);
  };
  const rows = Array.from({ length: 35_000 }, (_, id) => ({ id, v: `${id} `.padEnd(80, "x") }));
  const bad = rows.with(34_321, { id: 34_321, v: "bad" });
  const refused = expectKind(await writeOne(connection, batchOf(shape, bad)), "reject");
  assertEquals(refused.rows.map((r) => [r.ordinal, r.line]), [[34_321, 34_322]]);
  assertEquals(await scratch.query("SELECT count(*) FROM t"), [[0n]]);

  requests = 0;
  const { counts } = expectKind(await writeOne(connection, batchOf(shape, rows)), "written");
  // Four pieces, what the row of the load notes of the first row, and COMMIT.
  assertEquals(requests, 6);
  assert(bytesMax < 3 * 1024 * 1024, `${bytesMax} bytes`);
  await connection.finishLoad(order, record, counts);
  assertEquals(await scratch.query("SELECT count(*), count(DISTINCT id), sum(length(v)) FROM t"), [
    [35_000n, 35_000n, 2_800_000n],
  ]);
});

Deno.test("a connection that was closed before its commit was sent has certainly not committed", async () => {
  await using scratch = new Scratch();
  await using server = startLibsqlServer(scratch.path());
  const connection = await scratch.connect({ url: server.url });
  await begin(connection, orderOf(SHAPE));
  let closed: Promise<void> | undefined;
  server.intercept = (sql) => {
    if (sql.includes("INSERT INTO")) closed ??= connection.close();
    return Promise.resolve(undefined);
  };
  const result = await writeOne(connection, batchOf(SHAPE, [{ id: 1 }]));
  const { failure } = expectKind(result, "retry");
  assertEquals([failure.kind, failure.commitUnknown], ["connection", undefined]);
  await closed;
  assertEquals(await scratch.query("SELECT count(*) FROM t"), [[0n]]);
});
