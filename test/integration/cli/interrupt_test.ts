import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { outcomeOf, ProgramFolder } from "./program.ts";

const ARGS = ["load", "-", "--to", "libsql:t.db", "--table", "t", "--batch-rows", "2000"];

/** Feeds rows for as long as they are taken: the load never ends by itself. */
async function feed(child: Deno.ChildProcess): Promise<void> {
  const writer = child.stdin.getWriter();
  const encoder = new TextEncoder();
  try {
    for (let id = 0;; id += 1000) {
      const rows = Array.from({ length: 1000 }, (_, i) => `{"id":${id + i},"name":"node"}\n`);
      await writer.write(encoder.encode(rows.join("")));
    }
  } catch {
    // The program has ended, or has closed its standard input.
  }
}

/** Waits until a batch is committed: only then there is something to stop in the middle of. */
async function batchCommitted(place: ProgramFolder): Promise<void> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline;) {
    const log = await Deno.readTextFile(place.path("audit.ndjson")).catch(() => "");
    if (log.includes('"outcome":"written"')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("No batch was committed");
}

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`${signal} in the middle of a load finishes the batch in hand and exits with ${status}`, async () => {
    await using place = await ProgramFolder.create();
    const child = place.start([...ARGS, "--json", "--audit", "audit.ndjson"]);
    const fed = feed(child);
    const output = child.output();
    await batchCommitted(place);
    child.kill(signal);
    const outcome = outcomeOf(await output);
    await fed;
    const [[count]] = place.query("t.db", "SELECT count(*) FROM t") as [[number]];
    assertEquals(outcome.status, status);
    const report = JSON.parse(outcome.out);
    assertEquals([report.state, report.error.code], ["cancelled", "cancelled"]);
    assert(count > 0 && count % 2000 === 0, String(count));
    assertEquals(report.committed, count);
    assertStringIncludes(outcome.err, "Stopping after the batch in hand");
    const shown = String(count).replace(/\B(?=(\d{3})+$)/g, ",");
    assertStringIncludes(outcome.err, `${shown} rows of`);
    assertMatch(outcome.err, /committed to t, load [0-9a-f-]{36}/);
  });
}

Deno.test("SIGINT in the middle of a replace leaves the rows that were there", async () => {
  await using place = await ProgramFolder.create({ "old.ndjson": '{"id":-1,"name":"old"}\n' });
  assertEquals(
    (await place.run(["load", "old.ndjson", "--to", "libsql:t.db", "--table", "t"])).status,
    0,
  );
  const child = place.start([...ARGS, "--mode", "replace", "--audit", "audit.ndjson"]);
  const fed = feed(child);
  const output = child.output();
  await batchCommitted(place);
  child.kill("SIGINT");
  const { status, err } = outcomeOf(await output);
  await fed;
  assertEquals(status, 130);
  assertStringIncludes(err, "No row of t has changed");
  assertEquals(place.query("t.db", "SELECT id, name FROM t"), [[-1, "old"]]);
});

Deno.test("a second SIGINT ends the program at once", async () => {
  await using place = await ProgramFolder.create();
  // A server that takes connections and never says a word.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const url = `postgres://me@127.0.0.1:${listener.addr.port}/db`;
  const child = place.start(["load", "-", "--to", url, "--table", "t"]);
  const out = child.stdout.cancel();
  using _connection = await accepted;
  child.kill("SIGINT");
  let err = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    // Two signals at once are one.
    const before = err;
    err += text;
    if (!before.includes("Stopping") && err.includes("Stopping")) child.kill("SIGINT");
  }
  const { code } = await child.status;
  await Promise.all([out, child.stdin.abort().catch(() => {})]);
  assertEquals(code, 130);
  // With one signal it would have said where it stopped, a second later.
  assert(!err.includes("Stopped:"), err);
});

Deno.test("SIGINT while the program connects does not wait for the server", async () => {
  await using place = await ProgramFolder.create();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const url = `postgres://me@127.0.0.1:${listener.addr.port}/db`;
  const child = place.start(["load", "-", "--to", url, "--table", "t"]);
  const output = child.output();
  using _connection = await accepted;
  const began = performance.now();
  child.kill("SIGINT");
  const { status, err } = outcomeOf(await output);
  await child.stdin.abort().catch(() => {});
  assertEquals(status, 130);
  assertStringIncludes(err, "Stopped: the load had not begun");
  assert(performance.now() - began < 5_000, "it waited");
});
