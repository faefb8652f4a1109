/** `snakepipe load --status`: a load that is looked at while it runs, and how that ends. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import { LoadDetailsSchema } from "../../../host/api/load_schema.ts";
import { type ProgramStatus, ProgramStatusSchema } from "../../../host/api/status_schema.ts";
import { eventually } from "../../support/eventually.ts";
import { TARGET_KINDS } from "../../support/target.ts";
import { ProgramFolder, rowsText, toWords } from "./program.ts";
import { ShownLoad } from "./shown_load.ts";

const ROWS = rowsText(1_000);
const TARGET = "libsql:a.db";

/** What somebody is told who listens until the program ends. */
async function listened(
  address: string,
): Promise<{ readonly texts: string[]; readonly end: ProgramStatus }> {
  const headers = { accept: "text/event-stream" };
  const stream = await (await fetch(`${address}/events`, { headers })).text();
  const [, end = ""] = /^event: end\ndata: (.*)$/m.exec(stream) ?? [];
  const texts = [...stream.matchAll(/^id: .*\ndata: (.*)$/gm)].map(([, data]) =>
    JSON.parse(data!).text
  );
  return { texts, end: v.parse(ProgramStatusSchema, JSON.parse(end)) };
}

for (const kind of TARGET_KINDS) {
  Deno.test(`load --status, ${kind.name}: what is committed and left out is told, and how it ended`, () =>
    kind.use(async ({ config }) => {
      await using place = await ProgramFolder.create();
      await using load = new ShownLoad(place, [
        ...[...toWords(config), "--table", "t"],
        ...["--max-rejects", "5", "--rejects", "left.ndjson"],
      ]);
      const address = await load.address();
      assertMatch(address, /^http:\/\/127\.0\.0\.1:\d+$/);
      await load.write(`${ROWS}{"id":"no number"}\n${ROWS}`);
      const ending = listened(address);
      const running = await eventually("rows are committed", async () => {
        const { loads: [told] } = await load.status();
        const { progress, rejects } = told ?? {};
        return (progress?.rowsCommitted ?? 0) > 0 && rejects !== undefined && told;
      });
      assertEquals([running.name, running.source, running.state], ["t", ["-"], "running"]);
      const status = await load.status();
      assertEquals([running.table, running.backend], ["t", status.backends[0]?.name]);
      assertEquals([status.program, status.operate, status.uploads], ["load", "no", false]);
      assertEquals(status.backends.map(({ state }) => state), ["up"]);
      // All of them where no program has read the folder before; else the one that is needed.
      assert(status.plugins.some(({ type }) => type === status.backends[0]?.type));
      assert(status.plugins.every(({ status }) => status === "available"));
      const details = await (await fetch(`${address}/loads/t`)).json();
      assert(v.parse(LoadDetailsSchema, details).samples.length > 0);
      const asked = await fetch(`${address}/loads/t/run`, { method: "POST" });
      assertEquals(asked.status, 404, await asked.text());

      assertEquals(await load.close(), 0, load.err);
      const { texts, end } = await ending;
      const [ended] = end.loads;
      assertEquals([ended!.state, ended!.runs, ended!.last?.state], ["complete", 1, "complete"]);
      assertEquals([ended!.last!.committed, ended!.last!.rejected], [2_000, 1]);
      assertEquals(ended!.rejects!.byCode.map(({ count }) => count), [1]);
      assertEquals(ended!.rejects!.file, "left.ndjson");
      // Of a server, it would have to say the password.
      if (!kind.family.startServer) {
        assertMatch(ended!.rejects!.replay!, /^snakepipe rejects replay .*left\.ndjson --to /);
      }
      assertMatch(texts.at(-1)!, /^Load t is complete: 2,000 rows committed to t in /);
      assertEquals(await fetch(address).then(() => "it answers", () => "gone"), "gone");
    }));
}

Deno.test("load --status: that it failed, and why, is told before it ends", async () => {
  await using place = await ProgramFolder.create();
  await using load = new ShownLoad(place, ["--to", TARGET, "--table", "t"]);
  const ending = listened(await load.address());
  await load.write(`${ROWS}{"id":`);
  assertEquals(await load.close(), 3, load.err);
  const { texts, end: { loads: [ended] } } = await ending;
  assertEquals([ended!.state, ended!.last!.state], ["failed", "failed"]);
  assertStringIncludes(ended!.detail!, "1001");
  assertEquals(ended!.last!.error!.message, ended!.detail);
  assertEquals(texts.at(-1), `Load t failed: ${ended!.detail}`);
});

Deno.test("load --status: two targets are two loads, and who does not read keeps nothing from ending", async () => {
  await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(200_000) });
  const child = place.start([
    ...["load", "rows.ndjson", "--to", `${TARGET},${TARGET.replace("a.db", "b.db")}`],
    ...["--table", "t", "--batch-rows", "500", "--status", "127.0.0.1:0", "--json"],
  ]);
  let err = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) err += text;
  })();
  const address = await eventually("it is shown", () => /shown at (http:\S+)\/\n/.exec(err)?.[1]);
  const { hostname, port } = new URL(address);
  using idle = await Deno.connect({ hostname, port: Number(port) });
  const request = "GET /events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n";
  await idle.write(new TextEncoder().encode(request));
  const status: ProgramStatus = await (await fetch(`${address}/status`)).json();
  assertEquals(status.loads.length, 2);
  assertEquals(new Set(status.loads.map(({ name }) => name)).size, 2);
  assertEquals(status.backends.length, 2);
  const out = await new Response(child.stdout).text();
  assertEquals((await child.status).code, 0, err);
  await reading;
  assertEquals(JSON.parse(out).loads.map(({ committed }: { committed: number }) => committed), [
    ...[200_000, 200_000],
  ]);
});

Deno.test("load --status: it is shown to this machine alone, unless there is a token", async () => {
  await using place = await ProgramFolder.create({ "rows.ndjson": ROWS });
  const args = ["load", "rows.ndjson", "--to", TARGET, "--table", "t"];
  const refused = await place.run([...args, "--status", "0.0.0.0:0"]);
  assertEquals(refused.status, 2);
  assertStringIncludes(
    refused.err,
    "open to everybody who reaches 0.0.0.0: name a file with a token",
  );
  assertEquals(await Deno.stat(place.path("a.db")).catch(() => "none"), "none");
  const allowed = await place.run([...args, "--status", "0.0.0.0:0", "--token-file", "token"]);
  assertEquals(allowed.status, 0, allowed.err);
  assertStringIncludes(allowed.err, "The load is shown at http://0.0.0.0:");
  assertEquals((await Deno.stat(place.path("token"))).mode! & 0o777, 0o600);
});

Deno.test("load --status: what cannot be shown is refused, with the way out", async () => {
  await using place = await ProgramFolder.create({ "rows.ndjson": ROWS });
  const refusal = async (...args: readonly string[]) => {
    const all = ["load", "rows.ndjson", "--to", TARGET, "--table", "t", ...args];
    const { status, err } = await place.run(all);
    assertEquals(status, 2);
    return err;
  };
  for (const wrong of ["7412", ":70000", "here", "unix:x", "none"]) {
    assertStringIncludes(
      await refusal("--status", wrong),
      "Expected a port, or an address and a port",
    );
  }
  assertStringIncludes(
    await refusal("--status", ":0", "--dry-run"),
    "nothing for --status to show",
  );
  assertStringIncludes(await refusal("--token-file", "t"), "the page of --status :PORT");
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  assertStringIncludes(await refusal("--status", `:${port}`), "another program listens there");
});
