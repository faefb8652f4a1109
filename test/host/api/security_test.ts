/** What strangers may try: every route of the table, by those who may not, and names and paths of theirs. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROUTES } from "../../../host/api/routes.ts";
import { type Asked, TOKEN, withApi } from "./asked_api.ts";

const WITH_TOKEN = { authorization: `Bearer ${TOKEN}` };
const CHANGING = ROUTES.filter(({ method }) => method !== "GET");
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/;

/** A path of a route, with a name in the place of each of the pattern. */
function pathOf({ path }: { readonly path: string }, name = "people"): string {
  return path.replaceAll(/\{\w+\}/g, name);
}

Deno.test("api: what changes something is for who has the token, on every route", async () => {
  assert(CHANGING.length >= 4, "there is something to try");
  assertEquals(CHANGING.filter(({ access }) => access !== "operators"), []);
  await withApi({ token: TOKEN }, async ({ ask, changes }) => {
    for (const route of CHANGING) {
      const { method } = route;
      const denied = async (headers: Record<string, string>, status: number, why: RegExp) => {
        const [answered, , body] = await ask(pathOf(route), { method, headers });
        assertEquals(answered, status, `${method} ${route.path} ${JSON.stringify(headers)}`);
        assertMatch(body, why);
      };
      await denied({}, 401, /The token is missing/);
      await denied({ authorization: `Bearer ${TOKEN}x` }, 401, /or another one/);
      await denied({ authorization: TOKEN }, 401, /or another one/);
      await denied({ ...WITH_TOKEN, host: "evil.example" }, 403, /not reached by that name/);
      await denied({ ...WITH_TOKEN, origin: "http://evil.example" }, 403, /page of another site/);
      await denied({ ...WITH_TOKEN, origin: "null" }, 403, /page of another site/);
    }
    assertEquals(changes, []);
  });
});

Deno.test("api: a page of another site, and another host's name, are refused on every route", () =>
  withApi({}, async ({ ask }) => {
    for (const route of ROUTES) {
      for (const headers of [{ host: "evil.example" }, { origin: "http://evil.example" }]) {
        const [status] = await ask(pathOf(route), { method: route.method, headers });
        assertEquals(status, 403, `${route.method} ${route.path}`);
      }
    }
  }));

Deno.test("api: a method that a path does not know is refused, and which it knows is said", () =>
  withApi({ token: TOKEN }, async ({ ask, changes }) => {
    for (const route of ROUTES) {
      const here = ROUTES.filter(({ path }) => path === route.path).map(({ method }) => method);
      for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
        if (here.some((known) => known === method)) continue;
        const [status, head] = await ask(pathOf(route), { method, headers: WITH_TOKEN });
        assertEquals(status, 405, `${method} ${route.path}`);
        assertStringIncludes(head, `allow: ${here.join(", ")}`);
      }
    }
    assertEquals(changes, []);
  }));

Deno.test("api: HEAD answers as GET does, without a body, and ends", () =>
  withApi({ token: TOKEN }, async ({ ask }) => {
    const headers = { accept: "text/event-stream" };
    for (const path of ["/healthz", "/status", "/metrics", "/events", "/loads/people"]) {
      const [status, , body] = await ask(path, { method: "HEAD", headers });
      assertEquals([status, body], [200, ""], path);
    }
    assertEquals((await ask("/loads/people/run", { method: "HEAD" }))[0], 405);
  }));

Deno.test("api: names of strangers are names, whatever is in them", () =>
  withApi({ token: TOKEN }, async ({ ask, changes }) => {
    const names = [
      ...[
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "a/b",

        "%2e%2e%2fstatus",
        "\u001b[2J",
      ],
      ...[
        "a\r\nset-cookie: x=1",
        "'; DROP TABLE t; --",
        "__proto__",
        "constructor",
        "\u202eevil",
        "",
      ],
      "x".repeat(10_000),
    ];
    for (const name of names) {
      for (const route of ROUTES.filter(({ path }) => path.includes("{"))) {
        const path = pathOf(route, encodeURIComponent(name));
        const asked: Asked = { method: route.method, headers: WITH_TOKEN };
        const [status, head, body] = await ask(path, asked);
        const what = `${route.method} ${route.path} ${
          JSON.stringify(name.slice(0, 40))
        }: ${status}`;
        // A release is noted here, whatever its name.
        if (!route.path.includes("release")) assertEquals(Math.floor(status / 100), 4, what);
        assertEquals(/set-cookie/i.test(head), false, what);
        assertEquals(CONTROLS.test(body), false, what);
        assertStringIncludes(head, "x-content-type-options: nosniff", what);
        assert(body.length < 20_500, what);
      }
    }
    assertEquals(changes.filter((change) => !change.startsWith("release ")), []);
  }));

Deno.test("api: paths of strangers lead nowhere else", () =>
  withApi({ token: TOKEN }, async ({ ask }) => {
    for (
      const path of [
        ...[
          "/page/..%2f..%2fdeno.json",
          "/page/%2e%2e/%2e%2e/deno.json",
          "/../../etc/passwd",
          "//evil",
        ],
        ...["/status/", "/loads//run", "/loads/%ff", "/loads/%", "/<script>", "/%1b[2J"],
        `/${"x".repeat(10_000)}`,
      ]
    ) {
      const [status, head, body] = await ask(path);
      assertEquals(status, 404, path.slice(0, 40));
      assertStringIncludes(head, "content-type: application/json");
      assertEquals(CONTROLS.test(body), false, path);
      assert(body.length < 1_000, "a path is not told back in full");
    }
  }));

Deno.test("api: what nobody wants is refused unread", () =>
  withApi({ token: TOKEN }, async ({ ask, open, changes }) => {
    // What is shut is refused before anybody looks at what comes.
    for (const route of ROUTES.filter(({ body, shut }) => !body && !shut)) {
      for (
        const headers of [{ "content-length": "1000000000000" }, { "transfer-encoding": "chunked" }]
      ) {
        // Nothing of it is ever sent: who waited for it would wait for ever.
        const asked = { method: route.method, headers: { ...WITH_TOKEN, ...headers } };
        using connection = await open(pathOf(route), asked);
        const answered = await firstOf(connection);
        assertMatch(answered, /^HTTP\/1.1 413 /, `${route.method} ${route.path}`);
        assertStringIncludes(answered, "Nothing is to be sent here");
      }
    }
    assertEquals(changes, []);
    const large = { ...WITH_TOKEN, "x-large": "x".repeat(1_000_000) };
    assertEquals(
      await ask("/status", { headers: large }).then(([status]) => status !== 200, () => true),
      true,
    );
    assertEquals((await ask("/healthz"))[0], 200, "it is there still");
  }));

/** An answer of JSON, whose connection may stay open. */
async function firstOf(connection: Deno.Conn): Promise<string> {
  let text = "";
  for await (const piece of connection.readable.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.endsWith("}\n")) break;
  }
  return text;
}
