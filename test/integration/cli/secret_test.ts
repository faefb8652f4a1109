import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { testServerUrl, withDatabase } from "../../support/postgres_database.ts";
import { type Outcome, ProgramFolder, rowsText } from "./program.ts";

const SECRET = "hunter2-secret";
const ARGS = ["load", "a.ndjson", "--table", "nodes", "--audit", "audit.ndjson"];

/** No piece of the output, nor of the audit log, carries the secret. */
async function assertHidden(place: ProgramFolder, { out, err }: Outcome): Promise<void> {
  const audit = await Deno.readTextFile(place.path("audit.ndjson")).catch(() => "");
  for (const text of [out, err, audit]) assert(!text.includes(SECRET), text);
}

function withPassword(url: string, password: string): string {
  const parsed = new URL(url);
  parsed.password = password;
  return parsed.href;
}

Deno.test("wrong password in the URL: the message names the server and not the password", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(1) });
  const url = withPassword(testServerUrl(), SECRET);
  const outcome = await place.run([...ARGS, "--to", url, "--json"]);
  assertEquals(outcome.status, 2);
  assertEquals(JSON.parse(outcome.out).error.code, "authentication_failed");
  assertStringIncludes(outcome.err, `${new URL(url).host}/postgres`);
  assertStringIncludes(outcome.err, "28P01");
  await assertHidden(place, outcome);
});

Deno.test("wrong password from the environment stands in no output", async () => {
  const server = new URL(testServerUrl());
  server.password = "";
  await using place = await ProgramFolder.create({
    "a.ndjson": rowsText(1),
    "snakepipe.jsonc": JSON.stringify({
      default: "setting",
      backends: {
        setting: { type: "postgresql", url: server.href, password: "${PG_SECRET}" },
        url: {
          type: "postgresql",
          url: withPassword(server.href, "SECRET").replace("SECRET", "${PG_SECRET}"),
        },
      },
    }),
  });
  const env = { PG_SECRET: SECRET };
  for (const to of ["setting", "url"]) {
    const outcome = await place.run([...ARGS, "--to", to, "--json"], { env });
    assertEquals(outcome.status, 2, outcome.err);
    await assertHidden(place, outcome);
  }
  const check = await place.run(["backends", "--check", "--json"], { env });
  assertEquals(check.status, 1);
  await assertHidden(place, check);
});

Deno.test("right password from the environment loads", async () => {
  await withDatabase(async (url, sql) => {
    const server = new URL(url);
    const password = decodeURIComponent(server.password);
    server.password = "";
    await using place = await ProgramFolder.create({
      "a.ndjson": rowsText(3),
      "snakepipe.jsonc": JSON.stringify({
        default: "main",
        backends: { main: { type: "postgresql", url: server.href, password: "${PG_SECRET}" } },
      }),
    });
    const args = ["load", "a.ndjson", "--table", "nodes", "--json"];
    const { status, out, err } = await place.run(args, { env: { PG_SECRET: password } });
    assertEquals([status, JSON.parse(out).committed], [0, 3], err);
    const [row] = await sql`SELECT count(*)::int AS count FROM nodes`;
    assertEquals(row?.count, 3);
    for (const text of [out, err]) assert(!text.includes(password), text);
  });
});

Deno.test("secrets in the place of other settings are not shown", async () => {
  await using place = await ProgramFolder.create({
    "a.ndjson": rowsText(1),
    "snakepipe.jsonc": JSON.stringify({
      default: "odd",
      backends: {
        odd: {
          type: "postgresql",
          url: "postgres://me@127.0.0.1:1/x",
          poolSize: "${S}",
          tls: "${S}",
        },
      },
    }),
  });
  const outcome = await place.run([...ARGS, "--json"], { env: { S: SECRET } });
  assertEquals(outcome.status, 2);
  for (const setting of ["poolSize", "tls"]) {
    assertStringIncludes(outcome.err, `${setting}: Expected`);
  }
  await assertHidden(place, outcome);
});

Deno.test("passwords on the command line are not repeated where nothing listens", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": rowsText(1) });
  const url = `postgres://me:${SECRET}@127.0.0.1:1/db`;
  const down = await place.run([...ARGS, "--to", url, "--json"]);
  assertEquals(down.status, 1);
  assertStringIncludes(down.err, "ECONNREFUSED");
  await assertHidden(place, down);
  const libsql = await place.run([...ARGS, "--to", `libsql://me:${SECRET}@127.0.0.1:1`, "--json"]);
  assertEquals(libsql.status, 2);
  await assertHidden(place, libsql);
  const set = await place.run([
    ...ARGS,
    "--to",
    url,
    "--set",
    `poolSize=${SECRET}`,
    `--pasword=${SECRET}`,
  ]);
  assertEquals(set.status, 2);
  await assertHidden(place, set);
});
