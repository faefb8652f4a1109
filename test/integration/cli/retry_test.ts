/** What fails for a while is tried again at every step, told, and ended by a signal. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { withDatabase } from "../../support/postgres_database.ts";
import { ProgramFolder, rowsText } from "./program.ts";

const RETRY = /^snakepipe: retry (\d+) of 12 in \d+\.\d s: (.*)$/;

/** The lines on retries: their numbers and reasons. */
function retriesIn(err: string): { readonly attempt: number; readonly why: string }[] {
  return err.split("\n").flatMap((line) => {
    const [, attempt, why] = RETRY.exec(line) ?? [];
    return why === undefined ? [] : [{ attempt: Number(attempt), why }];
  });
}

/** Retries in the audit log, by their steps. */
async function auditedIn(program: ProgramFolder): Promise<string[]> {
  const lines = (await Deno.readTextFile(program.path("audit.ndjson"))).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "retry")
    .map(({ step, code }) => `${step} ${code}`);
}

const ROWS = 200;

/** A file that somebody has locked, and a load that meets the lock. */
async function lockedFile(
  act: (program: ProgramFolder, unlock: () => void, args: string[]) => Promise<void>,
): Promise<void> {
  await using program = await ProgramFolder.create({ "rows.ndjson": rowsText(ROWS) });
  using other = new DatabaseSync(program.path("t.db"));
  other.exec("CREATE TABLE t (id integer, name text)");
  other.exec("BEGIN EXCLUSIVE");
  const load = ["load", "rows.ndjson", "--to", "libsql:t.db", "--table", "t"];
  const args = [...load, "--set", "busyTimeoutMs=50", "--audit", "audit.ndjson"];
  await act(program, () => other.exec("ROLLBACK"), args);
}

/** Lets a program go on once it has told a retry; what it has said, and its exit status. */
async function unlockedLater(
  child: Deno.ChildProcess,
  unlock: () => void,
): Promise<{ readonly status: number; readonly err: string }> {
  const out = child.stdout.cancel();
  let err = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    const before = err;
    err += text;
    if (!before.includes("retry 2 of 12") && err.includes("retry 2 of 12")) unlock();
  }
  const { code } = await child.status;
  await Promise.all([out, child.stdin.close()]);
  return { status: code, err };
}

Deno.test("retry of a lock at set-up is told, and the load completes, libsql", () =>
  lockedFile(async (program, unlock, args) => {
    const { status, err } = await unlockedLater(program.start(args), unlock);
    assertEquals(status, 0, err);
    const told = retriesIn(err);
    assertEquals(told[0]?.attempt, 1, err);
    for (const { why } of told) {
      assertStringIncludes(why, "somebody else holds a lock (SQLITE_BUSY");
    }
    const audited = await auditedIn(program);
    assertEquals(audited.length, told.length);
    assertMatch(audited[0]!, /^(connect|describe|prepare) conflict$/);
    assertEquals(program.query("t.db", "SELECT count(*) FROM t"), [[ROWS]]);
  }));

Deno.test("retry ends by a signal at once, and nothing was committed, libsql", () =>
  lockedFile(async (program, unlock, args) => {
    const child = program.start(args);
    const [head, tail] = child.stderr.tee();
    const reader = head.pipeThrough(new TextDecoderStream()).getReader();
    // The six attempts that are left would wait for 40 s, on average.
    for (let text = ""; !text.includes("retry 6 of 12");) text += (await reader.read()).value;
    const began = performance.now();
    child.kill("SIGINT");
    const { code } = await child.status;
    const took = performance.now() - began;
    assertEquals(code, 130, await new Response(tail).text());
    assert(took < 10_000, `${took} ms`);
    await Promise.all([reader.cancel(), child.stdout.cancel(), child.stdin.close()]);
    unlock();
    assertEquals(program.query("t.db", "SELECT count(*) FROM t"), [[0]]);
  }));

/** Passes connections on to a server, but for the first so many, which it ends as they speak. */
function faultyProxy(to: { hostname: string; port: number }, faulty: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let count = 0;
  const serve = async () => {
    for await (const inward of listener) {
      if (++count <= faulty) {
        inward.close();
        continue;
      }
      const outward = await Deno.connect(to);
      const end = () => {};
      inward.readable.pipeTo(outward.writable).catch(end);
      outward.readable.pipeTo(inward.writable).catch(end);
    }
  };
  serve().catch(() => {});
  return { port: (listener.addr as Deno.NetAddr).port, close: () => listener.close() };
}

Deno.test("retry of a lost connection at set-up is told, and the load completes, postgresql", () =>
  withDatabase(async (url, sql) => {
    await using program = await ProgramFolder.create({ "rows.ndjson": rowsText(ROWS) });
    const server = new URL(url);
    const { hostname, port } = server;
    // Of each attempt two: behind the one that breaks off, another says what has gone wrong.
    const proxy = faultyProxy({ hostname, port: Number(port) }, 6);
    try {
      server.port = String(proxy.port);
      const load = ["load", "rows.ndjson", "--to", server.href, "--table", "t"];
      const { status, err } = await program.run([...load, "--audit", "audit.ndjson"]);
      assertEquals(status, 0, err);
      assertEquals(retriesIn(err).map(({ attempt }) => attempt), [1, 2, 3]);
      for (const { why } of retriesIn(err)) {
        assertMatch(why, /\(ECONNRESET|CONNECTION_CLOSED|EPIPE/);
      }
      const audited = await auditedIn(program);
      assertEquals(audited, Array(3).fill("connect connection_failed"));
      const [row] = await sql`SELECT count(*)::int AS rows FROM t`;
      assertEquals(row!.rows, ROWS);
      const quiet = await program.run([...load, "--quiet"]);
      assertEquals([quiet.status, quiet.err], [0, ""]);
    } finally {
      proxy.close();
    }
  }));

Deno.test("retry of a lock in the middle and at the end is told, postgresql", () =>
  withDatabase(async (url, sql) => {
    await using program = await ProgramFolder.create({ "rows.ndjson": rowsText(ROWS) });
    await sql`CREATE TABLE t (id integer, name text)`;
    const held = await sql.reserve();
    await held`BEGIN`;
    await held`LOCK TABLE t`;
    const to = `${url}?options=-c%20lock_timeout%3D100`;
    const load = ["load", "rows.ndjson", "--to", to, "--table", "t", "--mode", "replace"];
    const child = program.start([...load, "--audit", "audit.ndjson"]);
    const { status, err } = await unlockedLater(child, () => void held`COMMIT`.execute());
    held.release();
    assertEquals(status, 0, err);
    assert(retriesIn(err).length > 0, err);
    for (const step of await auditedIn(program)) {
      assertMatch(step, /^(prepare|batch|finish|describe) (conflict|timeout)$/);
    }
    const [row] = await sql`SELECT count(*)::int AS rows FROM t`;
    assertEquals(row!.rows, ROWS);
  }));
