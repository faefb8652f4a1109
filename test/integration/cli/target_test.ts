/** Every form of URL that a driver's setting describes, as it is written behind --to. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { DRIVER_FAMILIES } from "../../../host/drivers/load_driver.ts";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { openHost } from "../../support/target.ts";
import { ProgramFolder, rowsText } from "./program.ts";

const FILES = { "nodes.ndjson": rowsText(3) };
const LOAD = ["load", "nodes.ndjson", "--table", "nodes", "--quiet"];

Deno.test("every scheme that a driver's url takes is answered by a plugin of ours", async () => {
  await using host = await openHost();
  for (const { schemes } of DRIVER_FAMILIES) {
    const types = new Set(schemes.map((scheme) => host.typeOfScheme(scheme)));
    assertEquals(types.size, 1, schemes.join(" "));
  }
});

Deno.test("--to takes every form of a file's URL", async () => {
  await using place = await ProgramFolder.create(FILES);
  const cases: [url: string, file: string][] = [
    ["libsql:a.db", "a.db"],
    [`libsql:${place.path("b.db")}`, "b.db"],
    ["libsql:c c%20c.db", "c c%20c.db"],
    ["file:d.db", "d.db"],
    ["file:./e%20e.db", "e e.db"],
    ["file:f f.db", "f f.db"],
    [`file:${place.path("g.db")}`, "g.db"],
    [`file://${place.path("h.db")}`, "h.db"],
    [`file://localhost${place.path("i.db")}`, "i.db"],
    ["FILE:j.db", "j.db"],
    ["LibSQL:k.db", "k.db"],
  ];
  for (const [url, file] of cases) {
    const { status, err } = await place.run([...LOAD, "--to", url]);
    assertEquals([status, err], [0, ""], url);
    assertEquals(place.query(file, "SELECT count(*) FROM nodes"), [[3]], url);
  }
});

Deno.test("--to takes every form of a libSQL server's URL", async () => {
  await using place = await ProgramFolder.create(FILES);
  await using plain = startLibsqlServer(place.path("plain.db"));
  await using tls = startLibsqlServer(place.path("tls.db"), { tls: true });
  const host = new URL(plain.url).host;
  const urls: [url: string, file: string][] = [
    [plain.url, "plain.db"],
    [plain.webSocketUrl, "plain.db"],
    [`libsql://${host}?tls=0`, "plain.db"],
    [`HTTP://${host}`, "plain.db"],
    [tls.url, "tls.db"],
    [tls.webSocketUrl, "tls.db"],
    [tls.url.replace("https:", "libsql:"), "tls.db"],
  ];
  for (const [i, [url, file]] of urls.entries()) {
    // A certificate that is its own authority is trusted no further.
    const flags = ["-A", "--unsafely-ignore-certificate-errors=localhost"];
    const words = [...LOAD, "--to", url, "--load", `load ${i}`];
    assertEquals((await place.run(words, { flags })).status, 0, url);
    const rows = 3 * urls.slice(0, i + 1).filter(([, other]) => other === file).length;
    assertEquals(place.query(file, "SELECT count(*) FROM nodes"), [[rows]], url);
  }
});

Deno.test("a route leads to files whose URLs are relative to the configuration", async () => {
  await using place = await ProgramFolder.create(FILES);
  await Deno.mkdir(place.path("con fig"));
  const backends = {
    a: { type: "libsql", url: "file:a%20a.db" },
    b: { type: "libsql", url: "libsql:b b.db" },
    c: { type: "libsql", url: `file://${place.path("c.db")}` },
  };
  const routes = Object.keys(backends).map((name) => ({ table: `${name}_*`, backend: name }));
  await Deno.writeTextFile(place.path("con fig/c.jsonc"), JSON.stringify({ backends, routes }));
  const files = { a_x: "con fig/a a.db", b_x: "con fig/b b.db", c_x: "c.db" };
  for (const [table, file] of Object.entries(files)) {
    const words = ["load", "nodes.ndjson", "--config", "con fig/c.jsonc", "--table", table];
    assertEquals((await place.run(words)).status, 0);
    assertEquals(place.query(file, `SELECT count(*) FROM ${table}`), [[3]], table);
  }
});

Deno.test("--to takes postgres:, postgresql:, several hosts, and options that choose a schema", () =>
  withDatabase(async (url, sql, socketUrl) => {
    await using place = await ProgramFolder.create(FILES);
    await sql`CREATE SCHEMA other`;
    const parts = new URL(url);
    const options = `options=${encodeURIComponent("-c search_path=other")}`;
    const urls = [
      url,
      url.replace("postgres:", "PostgreSQL:"),
      // Nothing listens at the first port.
      url.replace(`@${parts.host}`, `@127.0.0.1:1,${parts.host}`),
      socketUrl,
      `${url}?${options}&connect_timeout=5&channel_binding=prefer&sslmode=allow`,
    ];
    for (const [i, to] of urls.entries()) {
      const { status, err } = await place.run([...LOAD, "--to", to, "--load", `load ${i}`]);
      assertEquals([status, err], [0, ""], `${i}`);
    }
    assertEquals([...await sql`SELECT count(*)::int FROM public.nodes`], [{ count: 12 }]);
    assertEquals([...await sql`SELECT count(*)::int FROM other.nodes`], [{ count: 3 }]);
  }));

Deno.test("what a URL asks for and cannot be kept is refused by its name, without its secret", async () => {
  await using place = await ProgramFolder.create(FILES);
  const url = "postgres://me:hunter2@127.0.0.1:1/db?pgbouncer=true";
  const { status, err } = await place.run([...LOAD, "--to", url]);
  assertEquals(status, 2);
  assertStringIncludes(err, "its parameter pgbouncer can be kept as false only");
  assertEquals(err.includes("hunter2"), false);
});
