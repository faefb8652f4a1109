/** A password that stands in a file is read again for each connection: it may be another one meanwhile. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { rowsFrom, ServeFolder } from "../serve/serve_program.ts";

Deno.test("serve goes on when a password was changed in the database and in its file, and waits in between", () =>
  withDatabase(async (url, sql) => {
    const role = `rotated_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(
      `CREATE ROLE ${role} LOGIN PASSWORD 'first one'; GRANT ALL ON SCHEMA public TO ${role}`,
    );
    try {
      const { host, pathname } = new URL(url);
      await using folder = await ServeFolder.create({
        backends: {
          db: {
            ...{ type: "postgresql", url: `postgres://${role}@${host}${pathname}` },
            passwordFile: "password",
          },
        },
        default: "db",
        loads: { rows: { source: "rows.ndjson", table: "t", watch: true } },
      });
      const password = (text: string) => Deno.writeTextFile(folder.path("password"), `${text}\n`);
      await password("first one");
      await Deno.writeTextFile(folder.path("rows.ndjson"), rowsFrom(0, 5));
      await using serve = folder.serve();
      await serve.until("rows", "complete");

      // A connection that is open goes on; a new one is refused until the file has the new password.
      await sql.unsafe(`ALTER ROLE ${role} PASSWORD 'second one'`);
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${role}`;
      await Deno.writeTextFile(folder.path("rows.ndjson"), rowsFrom(5, 5), { append: true });
      const refused = await serve.until("rows", "retrying");
      assertStringIncludes(refused.detail!, "the server refused user or password");
      await password("second one");
      const load = await eventually("the rest is loaded", async () => {
        const load = await serve.load("rows");
        return load?.state === "complete" && load.last?.skipped === 5 && load;
      }).catch((error) => {
        throw new Error(`${error.message}\n${serve.log}`);
      });
      assertEquals(load.last?.committed, 5);
      const told = serve.log + JSON.stringify(await serve.status());
      assertEquals(["first one", "second one"].filter((secret) => told.includes(secret)), []);
      assertEquals((await serve.stop()).code, 0);
      assertStringIncludes(serve.log, "Stopped");
      assertEquals([...await sql`SELECT count(DISTINCT id)::int AS n FROM t`], [{ n: 10 }]);
    } finally {
      await sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  }));
