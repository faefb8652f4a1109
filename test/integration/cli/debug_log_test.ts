/** The debug log: a line for each step of each category, from workers too, and no value and no secret. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { withDatabase } from "../../support/postgres_database.ts";
import { copyPlugins } from "../../support/untouched.ts";
import { ProgramFolder, rowsText } from "./program.ts";

const LINE = /^snakepipe: [\d:.]+ \[dbg\] snakepipe·(\w+): (.*)$/;
const MARKER = "hunter2-value";
const ROWS = 2_000;

/** Lines of the log, by category. */
function logIn(err: string): Map<string, string[]> {
  const lines = err.split("\n").map((line) => LINE.exec(line)).filter((found) => found !== null);
  return new Map(
    Object.entries(Object.groupBy(lines, ([, category]) => category!))
      .map(([category, found = []]) => [category, found.map(([, , text]) => text!)]),
  );
}

/** Rows whose texts can be found again; one of them cannot be taken. */
function markedRows(): string {
  const rows = Array.from({ length: ROWS }, (_, id) => `{"id":${id},"name":"${MARKER} ${id}"}\n`);
  return rows.join("") + `{"id":"${MARKER}","name":"${MARKER}"}\n`;
}

Deno.test("the log has each batch with its times, from two threads, and no value and no password", () =>
  withDatabase(async (url) => {
    await using place = await ProgramFolder.create({ "a.ndjson": markedRows() });
    const { password } = new URL(url);
    assert(password.length > 8);
    await copyPlugins(place.path("plugins"));
    const run = await place.run([
      ...["load", "a.ndjson", "--to", url, "--table", "t", "--batch-rows", "500"],
      ...["--connections", "2", "--max-rejects", "1", "--rejects", "r.ndjson", "--verbose"],
      // Of its own, where no plan is kept that would not be asked for again.
      ...["--plugins", "plugins"],
    ]);
    assertEquals(run.status, 0, run.err);
    const log = logIn(run.err);
    const batches = log.get("batch")!;
    const written = batches.filter((text) => text.startsWith("written"));
    assertEquals(written.length, 5, run.err);
    // The one with the row that cannot be taken is encoded by itself.
    const encoded = written.filter((text) => !text.startsWith("written in one pass"));
    assertEquals(encoded.length, 1, run.err);
    for (const text of written) {
      const ahead = encoded.includes(text) ? ["encodeAheadMs"] : [];
      for (const figure of ["bytes", "rows", ...ahead, "writeMs", "commitMs"]) {
        assert(new RegExp(` ${figure}=[0-9.]+( |$)`).test(text), text);
      }
    }
    assert(batches.some((text) => / readMs=[0-9.]+$/.test(text)), run.err);
    const threads = log.get("lane")!.map((text) => / thread=(\w+) /.exec(text)?.[1]);
    assert(threads.includes("main") && threads.includes("worker"), run.err);
    for (const category of ["plan", "policy", "pool"]) assert(log.has(category), category);
    for (const secret of [MARKER, password]) assert(!run.err.includes(secret), run.err);
  }));

Deno.test("the log has ranges, and lines of a worker are the worker's", () =>
  withDatabase(async (_url, _sql, socketUrl) => {
    await using place = await ProgramFolder.create({ "a.ndjson": rowsText(200_000) });
    const run = await place.run([
      ...["load", "a.ndjson", "--to", socketUrl, "--table", "t", "--connections", "2", "--verbose"],
    ]);
    assertEquals(run.status, 0, run.err);
    const ranges = logIn(run.err).get("batch")!.filter((text) => text.startsWith("written while"));
    const rows = ranges.map((text) => Number(/ rows=(\d+)/.exec(text)![1]));
    assertEquals(rows.reduce((sum, count) => sum + count, 0), 200_000);
    assert(rows.length >= 2, "one for each lane");
  }));

Deno.test("the log is asked for by the environment too, and is silent otherwise", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(3) });
  const load = ["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t"];
  const silent = await place.run(load);
  assertEquals([silent.status, logIn(silent.err).size], [0, 0], silent.err);
  const told = await place.run([...load, "--fresh", "--quiet"], {
    env: { SNAKEPIPE_LOG: "debug" },
  });
  assertEquals([told.status, told.out], [0, ""], told.err);
  assert(logIn(told.err).has("batch"), told.err);
  const wrong = await place.run(load, { env: { SNAKEPIPE_LOG: "all" } });
  assertEquals(wrong.status, 2);
  assertStringIncludes(wrong.err, "SNAKEPIPE_LOG: Expected debug");
  const denied = await place.run(load, {
    env: { SNAKEPIPE_LOG: "debug" },
    flags: ["-A", "--deny-env"],
  });
  assertEquals([denied.status, logIn(denied.err).size], [0, 0], denied.err);
});

Deno.test("the log has every further attempt", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(3) });
  using other = new DatabaseSync(place.path("t.db"));
  other.exec("CREATE TABLE t (id integer, name text)");
  other.exec("BEGIN EXCLUSIVE");
  const child = place.start([
    ...["load", "a.ndjson", "--to", "libsql:t.db", "--table", "t", "--set", "busyTimeoutMs=50"],
    "--verbose",
  ]);
  const out = child.stdout.cancel();
  let err = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    const before = logIn(err).has("retry");
    err += text;
    if (!before && logIn(err).has("retry")) other.exec("ROLLBACK");
  }
  const { code } = await child.status;
  await Promise.all([out, child.stdin.close()]);
  assertEquals(code, 0, err);
  assert(/^a \w+ is tried again .*code=\w+/.test(logIn(err).get("retry")![0]!), err);
});
