/** What of the bundled program only this family has. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import postgres from "postgres";
import { type PostgresServer, startPostgres } from "../../support/postgres_server.ts";
import { loadedModules, ofNode } from "../cli/loaded_modules.ts";
import { ProgramFolder, rowsText } from "../cli/program.ts";

/** How users are let in, each named for it. */
const METHODS = ["trust", "password", "md5", "scram"] as const;
const PASSWORD = "p\u00e4ss";

Deno.test("bundled program binds a password to the server's certificate", async () => {
  await using server = await startPostgres({ fsync: false, tls: true });
  await using place = await ProgramFolder.create({ "rows.ndjson": '{"id":1}' });
  const url = `${server.superuserUrl}?channel_binding=require`;
  const args = ["load", "rows.ndjson", "--table", "t", "--to"];
  const { status, err } = await place.run([...args, url]);
  assertEquals(status, 0, err);
  const wrong = await place.run([...args, url.replace(server.password, "wrong")]);
  assertEquals(wrong.status, 2);
  assertStringIncludes(wrong.err, "the server refused user or password");
});

Deno.test("bundled program logs in by every method, and loads Node's modules for MD5 alone", async (t) => {
  await using server = await startPostgres({ fsync: false });
  await makeUsers(server);
  await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(10) });
  const load = (user: string, password: string) => {
    const to = `postgres://${user}:${
      encodeURIComponent(password)
    }@127.0.0.1:${server.port}/postgres`;
    return ["load", "rows.ndjson", "--table", "t", "--fresh", "--json", "--to", to];
  };
  // The plan is kept from then on.
  assertEquals((await place.run(load("trust", ""))).status, 0);
  for (const method of METHODS) {
    await t.step(method, async () => {
      const loaded = await loadedModules(place, load(method, PASSWORD));
      // One driver, and nothing that runs a plugin, reads its plans, replays rejects, or is Node's.
      assertEquals(partsOf(loaded), ["connect", "driver", "snakepipe"]);
      const modules = ofNode(loaded);
      if (method === "md5") assertEquals(modules.includes("node:crypto"), true);
      else assertEquals(modules, []);
      if (method === "trust") return;
      const { status, err } = await place.run(load(method, "wrong"));
      assertEquals(status, 2);
      assertStringIncludes(err, "the server refused user or password");
    });
  }
  assertEquals(await countOf(server), 10 * (METHODS.length + 1));
});

/** What a load that takes longer than half a second tells other shells by: this machine may be slow. */
const STATUS = "status_file";

/** Files of the bundle by their names, but for those that several of its parts share. */
function partsOf(modules: readonly string[]): string[] {
  const names = modules.map((url) => /\/host\/dist\/(\w+?)(-[A-Z0-9]{8})?\.js$/.exec(url)?.[1]);
  return [...new Set(names.filter((name) => name && name !== "chunk" && name !== STATUS))]
    .sort() as string[];
}

/** Users that are let in by the method of their name, over TCP. */
async function makeUsers(server: PostgresServer): Promise<void> {
  await asSuperuser(server, async (sql) => {
    for (const method of METHODS) {
      const encryption = method === "md5" ? "md5" : "scram-sha-256";
      await sql.unsafe(`SET password_encryption = '${encryption}'`);
      await sql.unsafe(`CREATE ROLE ${method} SUPERUSER LOGIN PASSWORD '${PASSWORD}'`);
    }
  });
  const rules = METHODS.map((method) =>
    `host all ${method} all ${method === "scram" ? "scram-sha-256" : method}`
  );
  const file = `${server.socketDir}/data/pg_hba.conf`;
  await Deno.writeTextFile(file, ["local all all trust", ...rules, ""].join("\n"));
  await server.restart();
}

async function countOf(server: PostgresServer): Promise<number> {
  return await asSuperuser(server, async (sql) => {
    const [row] = await sql.unsafe("SELECT count(*)::int AS count FROM t");
    return row!.count;
  });
}

async function asSuperuser<T>(
  { socketDir, port }: PostgresServer,
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const path = `${socketDir}/.s.PGSQL.${port}`;
  const sql = postgres({
    ...{ path, username: "postgres", database: "postgres", max: 1, fetch_types: false },
    onnotice: () => {},
  });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
