/** Who may ask the API of a program that runs, and what. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import * as v from "valibot";
import { MetricsSchema } from "../../../host/api/answer_schema.ts";
import { ProgramStatusSchema } from "../../../host/api/status_schema.ts";
import { LoadError } from "../../../mod.ts";
import { withFolder } from "../../support/target.ts";
import { STATUS, TOKEN, TOLD, withApi } from "./asked_api.ts";

Deno.test("api tells what it knows, and refuses what it has not", () =>
  withApi({ token: TOKEN }, async ({ ask }) => {
    assertEquals((await ask("/healthz"))[0], 200);
    assertEquals((await ask("/readyz"))[0], 200);
    const [, head, body] = await ask("/status");
    const status = v.parse(ProgramStatusSchema, JSON.parse(body));
    assertEquals(status, { ...STATUS, operate: "token", uploads: false });
    assertStringIncludes(head, "content-type: application/json");
    const [missing, , text] = await ask("/nothing");
    assertEquals(missing, 404);
    assertStringIncludes(text, "There is no /nothing; there are /healthz, /readyz, /status");
    const [unknown, , which] = await ask("/loads/peopel");
    assertEquals([unknown, which], [
      404,
      '{"error":"No load has that name, did you mean people?"}\n',
    ]);
  }));

Deno.test("api has every number as text for Prometheus, and as JSON for who asks for that", () =>
  withApi({}, async ({ ask, metrics }) => {
    const labels = { backend: "x", table: "t", outcome: "committed" };
    metrics.add("snakepipe.rows", labels, 3);
    metrics.record("snakepipe.batch.duration", { backend: "x", table: "t" }, 0.02);
    const [, head, text] = await ask("/metrics");
    assertStringIncludes(head, "content-type: text/plain; version=0.0.4");
    assertStringIncludes(
      text,
      'snakepipe_rows_total{backend="x",table="t",outcome="committed"} 3\n',
    );
    const [, , json] = await ask("/metrics", { headers: { accept: "application/json" } });
    const told = v.parse(MetricsSchema, JSON.parse(json)).metrics;
    const rows = told.find(({ name }) => name === "snakepipe.rows");
    assertEquals([rows?.unit, rows?.series], ["{row}", [{ labels, value: 3 }]]);
    const durations = told.find(({ name }) => name === "snakepipe.batch.duration")!;
    assertEquals(durations.series[0]!.buckets!.length, durations.bounds!.length + 1);
    assertEquals(told.length, [...text.matchAll(/^# TYPE /gm)].length, "each metric is told");
  }));

Deno.test("api: a stream of events that nobody reads makes nothing grow, and tells what was missed", () =>
  withApi({}, async ({ open, events }) => {
    const headers = { accept: "text/event-stream" };
    using connection = await open("/events", { headers });
    const count = 40_000;
    for (let i = 0; i < count; i++) {
      events.add("x".repeat(1_000), { kind: "load" });
      // The server would have sent it by then.
      if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    let [seen, missed, rest] = [0, 0, ""];
    for await (const piece of connection.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith("id: ")) seen++;
        missed += Number(/^data: \{"missed":(\d+)\}$/.exec(line)?.[1] ?? 0);
      }
      if (seen + missed >= count) break;
    }
    assertEquals(seen + missed, count);
    // What the system holds for who does not read, and no more.
    assert(seen < count / 2, `${seen} were sent`);
  }));

Deno.test("api changes nothing without the token", () =>
  withApi({ token: TOKEN }, async ({ ask, changes }) => {
    const run = (path: string, authorization?: string) =>
      ask(path, { method: "POST", headers: authorization ? { authorization } : {} });
    assertEquals((await run("/loads/people/run"))[0], 401);
    assertEquals((await run("/loads/people/run", "Bearer another-token-of-24-char"))[0], 401);
    assertEquals((await run("/loads/people/run", `Basic ${TOKEN}`))[0], 401);
    assertEquals(changes, []);
    for (const what of ["run", "pause", "resume"]) {
      assertEquals((await run(`/loads/people/${what}`, `Bearer ${TOKEN}`))[0], 202);
    }
    assertEquals((await run("/plugins/x/release", `Bearer ${TOKEN}`))[0], 200);
    assertEquals(changes, ["run people", "pause people", "resume people", "release x"]);
    const [status, , text] = await run("/loads/peopel/run", `Bearer ${TOKEN}`);
    assertEquals(status, 404);
    assertStringIncludes(text, "did you mean people?");
  }));

Deno.test("api without a token changes nothing, and says how it would", () =>
  withApi({}, async ({ ask, changes }) => {
    const [status, , text] = await ask("/loads/people/run", { method: "POST" });
    assertEquals([status, changes], [403, []]);
    assertStringIncludes(text, "--token-file");
    assertStringIncludes((await ask("/status"))[2], '"operate":"no"');
  }));

Deno.test("api of a program that only tells has nothing that changes anything, with a token neither", () =>
  withApi({ token: TOKEN }, async ({ ask }) => {
    const [, , whole] = await ask("/openapi.json");
    assertStringIncludes(whole, "/loads/{name}/run");
    await withApi({ token: TOKEN, actions: TOLD }, async ({ ask }) => {
      const authorization = `Bearer ${TOKEN}`;
      const asked = { method: "POST", headers: { authorization } };
      assertEquals((await ask("/loads/people/run", asked))[0], 404);
      assertStringIncludes((await ask("/status"))[2], '"operate":"no"');
      assertEquals((await ask("/openapi.json"))[2].includes("/loads/{name}/run"), false);
    });
  }));

Deno.test("api is not reached by a name that somebody else leads here, nor from a page of another site", () =>
  withApi({ token: TOKEN, names: ["loader.example"] }, async ({ ask }) => {
    for (const host of ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"]) {
      assertEquals((await ask("/status", { headers: { host } }))[0], 403, host);
    }
    for (
      const host of [
        ...[
          "evil.example:80:80",
          "[evil.example]",
          "[::1",
          "::1",
          "a@localhost",
          "localhost/x",
          "",
        ],
        ...["localhost:x", "localhost.", "127.1", "0x7f000001", "localhost, evil.example"],
      ]
    ) {
      assertEquals((await ask("/status", { headers: { host } }))[0], 403, host);
    }
    // Of a URL in the place of a path, the host is the one that counts.
    for (
      const [url, status] of [["http://evil.example/status", 403], ["http://localhost/status", 200]]
    ) {
      const asked = String(url);
      assertEquals((await ask(asked, { headers: { host: "localhost" } }))[0], status);
      const headers = { host: "evil.example" };
      assertEquals((await ask(asked, { headers }))[0], status, asked);
    }
    for (const host of ["localhost:7411", "127.0.0.1", "[::1]:7411", "loader.example:80"]) {
      assertEquals((await ask("/status", { headers: { host } }))[0], 200, host);
    }
    const from = (origin: string) =>
      ask("/status", { headers: { host: "localhost:7411", origin } });
    assertEquals((await from("http://evil.example"))[0], 403);
    assertEquals((await from("null"))[0], 403);
    assertEquals((await from("http://localhost:7411"))[0], 200);
  }));

Deno.test("api is not embedded in a page of another site, which learns not even what there is", () =>
  withApi({}, async ({ ask }) => {
    const asked = (site: string, mode: string, dest: string) =>
      ask("/loads/people", {
        headers: { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest },
      });
    for (
      const how of [
        ...[["cross-site", "no-cors", "script"], ["cross-site", "no-cors", "image"]],
        ...[["same-site", "no-cors", "empty"], ["cross-site", "navigate", "iframe"]],
        ...[["cross-site", "cors", "empty"], ["same-site", "websocket", "empty"]],
      ] as [string, string, string][]
    ) {
      const [status, , body] = await asked(...how);
      assertEquals(status, 403, how.join());
      assertStringIncludes(body, "A page of another site may not ask here");
    }
    // The page itself, an address that somebody types, and a link that they follow.
    for (
      const how of [
        ...[["same-origin", "cors", "empty"], ["none", "navigate", "document"]],
        ["cross-site", "navigate", "document"],
      ] as [string, string, string][]
    ) {
      const [status, head] = await asked(...how);
      assertEquals(status, 200, how.join());
      assertStringIncludes(head, "cross-origin-resource-policy: same-origin");
    }
  }));

Deno.test("api beyond this machine needs a token, for all but its health", async () => {
  const listen = { kind: "tcp", hostname: "0.0.0.0", port: 0 } as const;
  const error: LoadError = await assertRejects(
    () => withApi({ listen }, async () => {}),
    LoadError,
  );
  assertStringIncludes(error.message, "--token-file");
  await withApi({ listen, token: TOKEN }, async ({ ask }) => {
    assertEquals((await ask("/healthz"))[0], 200);
    for (const path of ["/status", "/metrics", "/events", "/loads/people", "/openapi.json"]) {
      assertEquals((await ask(path))[0], 401, path);
      const headers = { authorization: `Bearer ${TOKEN}` };
      assertEquals((await ask(path, { headers }))[0], 200, path);
    }
  });
});

Deno.test("api on a Unix socket is its owner's, and takes the place of one that was left behind", () =>
  withFolder(async (folder) => {
    const path = join(folder, "api");
    const listen = { kind: "unix", path } as const;
    Deno.listen({ transport: "unix", path }).close();
    await withApi({ listen }, async ({ ask, changes }) => {
      assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
      assertEquals((await ask("/loads/people/run", { method: "POST" }))[0], 202);
      assertEquals(changes, ["run people"]);
      // Led to a port, as ssh does, it is reached by a browser: a page under a name that leads to that port
      // is of its own site, as far as the browser knows.
      for (const host of ["evil.example:7411", "evil.example"]) {
        const headers = { host, origin: `http://${host}` };
        const [status, , body] = await ask("/loads/people/run", { method: "POST", headers });
        assertEquals(status, 403);
        assertStringIncludes(body, "is not reached by that name");
      }
      assertEquals(changes, ["run people"]);
      assertStringIncludes((await ask("/status"))[2], '"operate":"open"');
      const second = withApi({ listen }, async () => {});
      const error: LoadError = await assertRejects(() => second, LoadError);
      assertStringIncludes(error.message, "another program listens there");
    });
  }));
