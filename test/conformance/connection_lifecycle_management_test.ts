/** Connection lifecycle management: pooled, validated, replaced, watched, drained. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import {
  type Config,
  ConnectionManager,
  type ConnectionRequest,
  LoadError,
  rows,
  Secret,
} from "../../mod.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { compileConfigSchema } from "../../src/model/config_schema.ts";
import { parse } from "../../src/config/parse.ts";
import { openHost, type Target, TARGET_KINDS } from "../support/target.ts";
import { testServerUrl, withDatabase } from "../support/postgres_database.ts";

async function requestFor(
  target: Target,
  change: Record<string, unknown> = {},
): Promise<ConnectionRequest> {
  const driver = await loadDriver(target.family.name);
  const config: Config = parse(
    compileConfigSchema(driver.config),
    { ...target.config, ...change },
    {
      what: "The configuration",
      code: "config_invalid",
      blame: "config",
    },
  );
  return { driver, config, session: [], probe: "SELECT 1", role: "control" };
}

for (const kind of TARGET_KINDS) {
  Deno.test(`connection lifecycle management: ${kind.name} connections are pooled and shared by equal settings`, () =>
    kind.use(async (target) => {
      const manager = new ConnectionManager();
      const share = manager.share(await requestFor(target));
      const first = await manager.getConnection(await requestFor(target));
      await first.release();
      const again = await manager.getConnection(await requestFor(target));
      assert(again.connection === first.connection, "the same connection is lent again");
      await again.release();
      assertEquals(share.pool.size, { open: 1, leased: 0 });
      const other = await manager.getConnection(await requestFor(target, { poolSize: 7 }));
      assert(other.connection !== first.connection, "other settings, another pool");
      await other.release();
      await share.release();
      await manager.close();
      assertEquals(first.connection.usable, false);
    }));

  Deno.test(`connection lifecycle management: ${kind.name} lanes end with their lease`, () =>
    kind.use(async (target) => {
      const manager = new ConnectionManager();
      const lease = await manager.getConnection({ ...await requestFor(target), role: "lane" });
      assertEquals((await lease.connection.probe("SELECT 1")).text, "1");
      await lease.release();
      assertEquals(lease.connection.usable, false);
      await manager.close();
    }));

  Deno.test(`connection lifecycle management: ${kind.name} closes with its host while a load is under way`, () =>
    kind.use(async (target) => {
      const host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      let closing: Promise<void> | undefined;
      const filler = "x".repeat(1_000);
      function* numbers(): Generator<{ id: number; filler: string }> {
        for (let id = 0; id < 10_000; id++) {
          if (id === 5_000) closing = host.close();
          yield { id, filler };
        }
      }
      const report = await host.load(rows(numbers()), backend, {
        table: "numbers",
        batchRowsMax: 500,
      });
      await closing;
      assertEquals(report.committed, 10_000, "a load in flight ends as it began");
    }));
}

Deno.test("connection lifecycle management: a Postgres session that the server ended is replaced", () =>
  withDatabase(async (url, sql) => {
    await using host = await openHost();
    const backend = await host.createBackend("postgresql", { url });
    await sql`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const report = await host.load(rows([{ a: 1 }]), backend, { table: "t" });
    assertEquals(report.committed, 1);
    assertEquals((await backend.healthCheck()).status, "healthy");
  }));

Deno.test("connection lifecycle management: a database that goes away takes its backend out of service, and brings it back", () =>
  withDatabase(async (url, sql) => {
    await using host = await openHost();
    const backend = await host.createBackend("postgresql", { url, connectTimeoutMs: 2_000 });
    const [{ name }] = await sql`SELECT current_database() AS name` as unknown as [
      { name: string },
    ];
    const admin = postgres(testServerUrl(), { max: 1, fetch_types: false });
    await admin.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await sql`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()`;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assertEquals((await backend.healthCheck()).status, "unhealthy");
    const error: LoadError = await assertRejects(
      () => host.load(rows([{ a: 1 }]), backend, { table: "t" }),
      LoadError,
    );
    assert(
      ["backend_unavailable", "connection_failed", "database_failed"].includes(error.code),
      error.code,
    );
    await admin.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    const report = await host.load(rows([{ a: 1 }]), backend, { table: "t" });
    assertEquals(report.committed, 1);
    assertEquals((await backend.healthCheck()).status, "healthy");
  }));

Deno.test("connection lifecycle management: a secret prints as [secret] wherever it is printed", () => {
  const secret = new Secret("hunter2");
  assertEquals(`${secret}`, "[secret]");
  assertEquals(JSON.stringify({ secret }), `{"secret":"[secret]"}`);
  assertEquals(Deno.inspect({ secret }).includes("hunter2"), false);
  assertEquals(secret.reveal(), "hunter2");
});
