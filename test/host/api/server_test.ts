/** Who may ask the API of `serve`, and what. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import * as v from "valibot";
import { type ApiOptions, startApi } from "../../../host/api/server.ts";
import { ProgramStatusSchema } from "../../../host/api/status_schema.ts";
import { LoadError } from "../../../mod.ts";
import { withFolder } from "../../support/target.ts";

const TOKEN = "a-token-of-24-characters";

const STATUS = {
  ...{ program: "serve", version: "1.2.3", pid: 42, state: "serving" } as const,
  ...{ since: "2026-11-30T06:13:39.000Z", plugins: [], backends: [], loads: [] },
};

/** An API that notes what it is asked for, and a way to ask it with any headers. */
async function withApi(
  options: Partial<ApiOptions>,
  act: (
    ask: (
      path: string,
      headers?: Record<string, string>,
      method?: string,
    ) => Promise<[number, string]>,
    runs: readonly string[],
  ) => Promise<void>,
): Promise<void> {
  const runs: string[] = [];
  const obstacles: string[] = [];
  await using api = await startApi({
    listen: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
    names: [],
    actions: {
      status: () => STATUS,
      metrics: () => "snakepipe_rows_total 3\n",
      obstacles: () => obstacles,
      changes: {
        loads: () => ["people"],
        isLoad: (name) => name === "people" || name === "people to x",
        run: (name) => Promise.resolve(void runs.push(name)),
        pause: (name) => Promise.resolve(void runs.push(`pause ${name}`)),
        resume: (name) => Promise.resolve(void runs.push(`resume ${name}`)),
        release: (type) => void runs.push(`release ${type}`),
      },
    },
    ...options,
  });
  await act(async (path, headers = {}, method = "GET") => {
    // fetch names its own host: a socket says what it is told.
    const lines = Object.entries({ host: "localhost", ...headers, connection: "close" })
      .map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const unix = /^unix:(.*)$/.exec(api.address)?.[1];
    const { hostname, port } = new URL(unix ? "http://localhost:1" : api.address);
    const connection = unix
      ? await Deno.connect({ transport: "unix", path: unix })
      : await Deno.connect({ hostname, port: Number(port) });
    const writer = connection.writable.getWriter();
    await writer.write(new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines}\r\n`));
    const text = await new Response(connection.readable).text();
    return [Number(text.split(" ")[1]), text];
  }, runs);
}

Deno.test("api tells what it knows, and refuses what it has not", () =>
  withApi({ token: TOKEN }, async (ask) => {
    assertEquals((await ask("/healthz"))[0], 200);
    assertEquals((await ask("/readyz"))[0], 200);
    const [head, body] = (await ask("/status"))[1].split("\r\n\r\n");
    const status = v.parse(ProgramStatusSchema, JSON.parse(body!));
    assertEquals(status, { ...STATUS, operate: "token", uploads: false });
    assertStringIncludes(head!, "content-type: application/json");
    assertStringIncludes((await ask("/metrics"))[1], "\r\n\r\nsnakepipe_rows_total 3\n");
    assertStringIncludes((await ask("/metrics"))[1], "content-type: text/plain; version=0.0.4");
    assertEquals((await ask("/nothing"))[0], 404);
    assertEquals((await ask("/status", {}, "POST"))[0], 405);
    assertEquals((await ask("/loads/people/run"))[0], 405);
  }));

Deno.test("api changes nothing without the token", () =>
  withApi({ token: TOKEN }, async (ask, runs) => {
    const run = (authorization?: string) =>
      ask("/loads/people/run", authorization === undefined ? {} : { authorization }, "POST");
    assertEquals((await run())[0], 401);
    assertEquals((await run("Bearer another-token-of-24-char"))[0], 401);
    assertEquals((await run(`Basic ${TOKEN}`))[0], 401);
    assertEquals(runs, []);
    assertEquals((await run(`Bearer ${TOKEN}`))[0], 202);
    assertEquals(runs, ["people"]);
    const [status, text] = await ask(
      "/loads/peopel/run",
      { authorization: `Bearer ${TOKEN}` },
      "POST",
    );
    assertEquals(status, 404);
    assertStringIncludes(text, "did you mean people?");
  }));

Deno.test("api without a token changes nothing, and says how it would", () =>
  withApi({}, async (ask, runs) => {
    const [status, text] = await ask("/loads/people/run", {}, "POST");
    assertEquals([status, runs], [403, []]);
    assertStringIncludes(text, "--token-file");
    assertEquals((await ask("/status"))[0], 200);
  }));

Deno.test("api is not reached by a name that somebody else leads here, nor from a page of another site", () =>
  withApi({ token: TOKEN, names: ["loader.example"] }, async (ask) => {
    for (const host of ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"]) {
      assertEquals((await ask("/status", { host }))[0], 403, host);
    }
    for (const host of ["localhost:7411", "127.0.0.1", "[::1]:7411", "loader.example:80"]) {
      assertEquals((await ask("/status", { host }))[0], 200, host);
    }
    const from = (origin: string) => ask("/status", { host: "localhost:7411", origin });
    assertEquals((await from("http://evil.example"))[0], 403);
    assertEquals((await from("null"))[0], 403);
    assertEquals((await from("http://localhost:7411"))[0], 200);
  }));

Deno.test("api beyond this machine needs a token, for all but its health", async () => {
  const listen = { kind: "tcp", hostname: "0.0.0.0", port: 0 } as const;
  const error: LoadError = await assertRejects(
    () => withApi({ listen }, async () => {}),
    LoadError,
  );
  assertStringIncludes(error.message, "--token-file");
  await withApi({ listen, token: TOKEN }, async (ask) => {
    assertEquals((await ask("/healthz"))[0], 200);
    assertEquals((await ask("/status"))[0], 401);
    assertEquals((await ask("/metrics"))[0], 401);
    assertEquals((await ask("/status", { authorization: `Bearer ${TOKEN}` }))[0], 200);
  });
});

Deno.test("api on a Unix socket is its owner's, and takes the place of one that was left behind", () =>
  withFolder(async (folder) => {
    const path = join(folder, "api");
    const listen = { kind: "unix", path } as const;
    Deno.listen({ transport: "unix", path }).close();
    await withApi({ listen }, async (ask, runs) => {
      assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
      assertEquals((await ask("/loads/people/run", {}, "POST"))[0], 202);
      assertEquals(runs, ["people"]);
      const second = withApi({ listen }, async () => {});
      const error: LoadError = await assertRejects(() => second, LoadError);
      assertStringIncludes(error.message, "another program listens there");
    });
  }));
