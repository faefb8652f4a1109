/** The page's files: that they are told to be what they are, under a policy, and that there are no others. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ApiActions } from "../../../host/api/actions.ts";
import { type ApiOptions, startApi } from "../../../host/api/server.ts";
import { buildPage } from "../../../tools/build_page.ts";

const ACTIONS = {} as ApiActions;

function api(more: Partial<ApiOptions> = {}) {
  return startApi({
    ...{ listen: { kind: "tcp", hostname: "127.0.0.1", port: 0 }, names: [], actions: ACTIONS },
    ...more,
  });
}

await buildPage();

Deno.test("page: each file is told to be what it is, under a policy that lets nothing else in", async () => {
  await using served = await api();
  const types = {
    "/": "text/html; charset=utf-8",
    "/page/page.js": "text/javascript; charset=utf-8",
    "/page/page.css": "text/css; charset=utf-8",
    "/page/icon.svg": "image/svg+xml",
    "/page/licenses.txt": "text/plain; charset=utf-8",
  };
  for (const [path, type] of Object.entries(types)) {
    const { status, headers, body } = await fetch(served.address + path);
    await body?.cancel();
    assertEquals([status, headers.get("content-type")], [200, type], path);
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("cache-control"), "no-store");
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertEquals(
      headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  }
});

Deno.test("page: the document has no script and no style of its own, and names nothing beyond its program", async () => {
  await using served = await api();
  const html = await (await fetch(served.address)).text();
  assertEquals(
    html.match(/<script(?![^>]*\ssrc="page\/page\.js")|<style|\son\w+=|\sstyle=/i),
    null,
  );
  assertEquals(html.match(/(https?:)?\/\//), null);
  const css = await (await fetch(`${served.address}/page/page.css`)).text();
  assertEquals(css.match(/@import|url\(/), null);
  const licenses = await (await fetch(`${served.address}/page/licenses.txt`)).text();
  for (const name of ["preact", "uplot"]) assertMatch(licenses, new RegExp(`^${name}\n`, "m"));
});

Deno.test("page: no other file is read", async () => {
  await using served = await api();
  for (
    const path of [
      ...["/page/none.js", "/page/..%2F..%2F..%2Fdeno.json", "/page/%2Fetc%2Fpasswd", "/page/"],
      ...["/page/constructor", "/page/page.js%00.css", "/page/dist/page.js"],
    ]
  ) {
    const response = await fetch(served.address + path);
    assertEquals(response.status, 404, path);
    assertMatch((await response.json()).error, /^(The page has no such file|There is no )/);
  }
  const response = await fetch(served.address, { method: "POST" });
  assertEquals([response.status, response.headers.get("allow")], [405, "GET"]);
  await response.body?.cancel();
});

Deno.test("page: who has no token gets the page, which tells nothing, and not what it asks for", async () => {
  const listen = { kind: "tcp", hostname: "0.0.0.0", port: 0 } as const;
  await using served = await api({ listen, token: "a-token-of-somebody" });
  const address = served.address.replace("0.0.0.0", "127.0.0.1");
  const page = await fetch(address);
  assertStringIncludes(await page.text(), "<title>snakepipe</title>");
  const status = await fetch(`${address}/status`);
  assertEquals(status.status, 401);
  await status.body?.cancel();
});
