import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ProgramFolder, rowsText } from "./program.ts";

const CONFIG = `{
  // two databases, by table
  "default": "lite",
  "audit": "audit.ndjson",
  "backends": {
    "lite": { "type": "libsql", "url": "libsql:lite.db" },
    "logs": { "type": "libsql", "url": "libsql:\${LOG_FILE}", "poolSize": 1 },
  },
  "routes": [{ "table": "*_log", "backend": "logs" }],
}`;
const ENV = { LOG_FILE: "logs.db" };

Deno.test("configuration routes tables to backends, and to the default", async () => {
  await using place = await ProgramFolder.create({
    "snakepipe.jsonc": CONFIG,
    "a.ndjson": rowsText(2),
  });
  assertEquals((await place.run(["load", "a.ndjson", "--table", "nodes"], { env: ENV })).status, 0);
  assertEquals(
    (await place.run(["load", "a.ndjson", "--table", "web_log"], { env: ENV })).status,
    0,
  );
  const named = ["load", "a.ndjson", "--table", "web_log", "--to", "lite"];
  assertEquals((await place.run(named, { env: ENV })).status, 0);
  const tables =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY 1";
  assertEquals(place.query("lite.db", tables), [["nodes"], ["web_log"]]);
  assertEquals(place.query("logs.db", tables), [["web_log"]]);
  assertStringIncludes(await Deno.readTextFile(place.path("audit.ndjson")), '"load_ended"');
});

Deno.test("configuration of another folder takes its paths from there", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(2) });
  await Deno.mkdir(place.path("etc"));
  await Deno.writeTextFile(place.path("etc/own.jsonc"), CONFIG);
  const args = ["load", "a.ndjson", "--table", "nodes", "--config", "etc/own.jsonc"];
  assertEquals((await place.run(args, { env: ENV })).status, 0);
  assertEquals(place.query("etc/lite.db", "SELECT count(*) FROM nodes"), [[2]]);
});

Deno.test("configuration that lacks environment variables names all of them, and exits with 2", async () => {
  await using place = await ProgramFolder.create({
    "a.ndjson": rowsText(1),
    "snakepipe.jsonc": `{ "default": "pg", "backends": { "pg": {
      "type": "postgresql", "url": "postgres://me@\${SNAKEPIPE_NO_HOST}/db", "password": "\${SNAKEPIPE_EMPTY}" } } }`,
  });
  const args = ["load", "a.ndjson", "--table", "nodes", "--json"];
  const { status, out, err } = await place.run(args, { env: { SNAKEPIPE_EMPTY: "" } });
  assertEquals(status, 2);
  assertStringIncludes(err, "backends.pg.url: Environment variable SNAKEPIPE_NO_HOST is not set");
  assertStringIncludes(err, "backends.pg.password: Environment variable SNAKEPIPE_EMPTY is empty");
  const { error } = JSON.parse(out);
  assertEquals([error.code, error.issues.length], ["env_missing", 2]);
});

Deno.test("configuration that is no JSON names line and column", async () => {
  await using place = await ProgramFolder.create({
    "a.ndjson": rowsText(1),
    "snakepipe.jsonc": '{\n  "default": "hunter2" "x"\n}',
  });
  const { status, err } = await place.run(["load", "a.ndjson", "--table", "nodes"]);
  assertEquals(status, 2);
  assertMatch(err, /^snakepipe: snakepipe\.jsonc:2:24: /);
  assertEquals(err.includes("hunter2"), false);
});

Deno.test("configuration that was named must be there", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(1) });
  const { status, err } = await place.run([
    "load",
    "a.ndjson",
    "--table",
    "t",
    "--config",
    "gone.jsonc",
  ]);
  assertEquals([status, err], [
    2,
    "snakepipe: No such configuration file: gone.jsonc; name it with --config FILE, or write one as " +
    "docs/configuration.md shows\n",
  ]);
});

Deno.test("settings that a backend does not take are reported with their paths", async () => {
  await using place = await ProgramFolder.create({
    "a.ndjson": rowsText(1),
    "snakepipe.jsonc": `{ "default": "lite", "backends": {
      "lite": { "type": "libsql", "url": "libsql:t.db", "poolSize": 900, "jurnalMode": "wal" } } }`,
  });
  const { status, err } = await place.run(["load", "a.ndjson", "--table", "t"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "poolSize: Expected a number from 1 to 64 but received 900");
  assertStringIncludes(err, "jurnalMode: Unknown name, did you mean journalMode?");
});

Deno.test("backends lists plugins, settings, refusals and what is configured", async () => {
  await using place = await ProgramFolder.create({
    "snakepipe.jsonc": CONFIG,
    "junk.wasm": "junk",
  });
  const { status, out, err } = await place.run(["backends"], { env: ENV });
  assertEquals([status, err], [0, ""]);
  assertMatch(out, /^TYPE +VERSION +STATUS/);
  assertMatch(
    out,
    /\nlibsql +\S+ +available +libsql file https http wss ws +append upsert replace +\d+ +[0-9a-f]{12} +\S+libsql\.wasm/,
  );
  assertMatch(out, /\nSettings of postgresql:\n {2}url \(required; secret\), password \(secret\)/);
  assertMatch(out, /\nlogs +libsql +not checked/);
  const refused = await place.run(["backends", "--plugins", "."], { env: ENV });
  assertStringIncludes(refused.out, "Refused: junk.wasm");
});

Deno.test("backends --check asks for health, and exits with 1 where it is bad", async () => {
  await using place = await ProgramFolder.create({
    "snakepipe.jsonc": `{ "backends": {
      "lite": { "type": "libsql", "url": "libsql:lite.db" },
      "down": { "type": "postgresql", "url": "postgres://me@127.0.0.1:1/db" } } }`,
  });
  const { status, out } = await place.run(["backends", "--check"]);
  assertEquals(status, 1);
  assertMatch(out, /\nlite +libsql +healthy +[0-9.]+ms +closed +libsql:\S+lite\.db/);
  assertMatch(out, /\ndown +postgresql +unhealthy +- +- /);
  assertMatch(out, /\ndown: .*ECONNREFUSED/);
  const { configured } = JSON.parse((await place.run(["backends", "--check", "--json"])).out);
  assertEquals(configured.map((b: { health: { status: string } }) => b.health.status), [
    "healthy",
    "unhealthy",
  ]);
  assertEquals(configured[0].health.breaker, { state: "closed" });
});
