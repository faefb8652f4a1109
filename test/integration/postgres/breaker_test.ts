/** Circuit breakers on real servers: one that is down takes no other with it, and comes back by itself. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type BreakerEvent, type DatabaseBackend, LoadError, rows } from "../../../mod.ts";
import type { Batch } from "../../../src/model/batch.ts";
import { impatientWorld } from "../../support/impatient_world.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres_server.ts";
import { openHost, withFolder } from "../../support/target.ts";
import { batch, column, shape } from "./fixture.ts";

const LIMITS = { failuresMax: 2, pauseMs: 100, pauseMsMax: 200 };

/** Long enough that no probe comes while a test looks at a breaker that is open. */
const LONG = { ...LIMITS, pauseMs: 60_000 };

async function withServer(use: (server: PostgresServer) => Promise<void>): Promise<void> {
  await using server = await startPostgres({ fsync: false });
  await use(server);
}

function idBatch(sequence: number): Batch {
  const ids = shape("append", [column("id", "int64")]);
  return batch(ids, [{ id: sequence }], { sequence, ordinal: sequence });
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(work, LoadError)).code;
}

function breakerOf(backend: DatabaseBackend): Promise<string | undefined> {
  return backend.healthCheck().then(({ breaker }) => breaker?.state);
}

Deno.test("a backend that is down fails at once, takes no other with it, and comes back by itself", () =>
  withFolder((folder) =>
    withDatabase((url) =>
      withServer(async (server) => {
        const audit = join(folder, "audit.ndjson");
        const events: BreakerEvent[] = [];
        const closed = Promise.withResolvers<void>();
        await using stack = new AsyncDisposableStack();
        const host = await openHost({
          audit,
          breaker: LIMITS,
          onBreaker: (event) => {
            events.push(event);
            if (event.state === "closed") closed.resolve();
          },
        });
        stack.defer(() => host.close());
        const works = await host.createBackend("postgresql", { url });
        const breaks = await host.createBackend("postgresql", {
          url: server.superuserUrl,
          connectTimeoutMs: 2_000,
        });
        const load = (backend: DatabaseBackend) =>
          host.load(rows([{ a: 1 }]), backend, { table: "t" });
        await load(breaks);
        await server.halt();
        for (let i = 0; i < LIMITS.failuresMax; i++) {
          assertEquals(await codeOf(() => load(breaks)), "connection_failed");
          assertEquals((await load(works)).committed, 1);
        }
        const error = await assertRejects(() => load(breaks), LoadError);
        assertEquals([error.code, error.retry], ["backend_unavailable", true]);
        assertStringIncludes(error.message, "Backend postgresql is out of service since 20");
        assertStringIncludes(error.message, "nothing listens there");
        assert(!error.message.includes(server.password));
        assertEquals(await breakerOf(works), "closed");

        await server.start();
        await closed.promise;
        assertEquals(await breakerOf(breaks), "closed");
        assertEquals((await load(breaks)).committed, 1);
        assertEquals((await load(works)).committed, 1);
        await stack.disposeAsync();

        const endpoint = `postgres://postgres@${server.host}:${server.port}/postgres`;
        const endpoints = new Set(events.map(({ endpoint }) => endpoint));
        assertEquals([...endpoints], [endpoint]);
        const states = events.map(({ state }) => state);
        assertEquals([states[0], states[1], states.at(-1)], ["open", "half_open", "closed"]);
        const lines = (await Deno.readTextFile(audit)).trim().split("\n").map((l) => JSON.parse(l));
        const told = lines.filter(({ event }) => event === "breaker_changed");
        assertEquals(told.map(({ state }) => state), states);
        assertEquals([told[0].backend, told[0].endpoint], ["postgresql", endpoint]);
        assertStringIncludes(told[0].detail, "nothing listens there");
      })
    )
  ));

Deno.test("nothing of a backend reaches the server while its breaker is open", () =>
  withServer(async (server) => {
    await using host = await openHost({ breaker: LONG });
    const backend = await host.createBackend("postgresql", { url: server.superuserUrl });
    await server.halt();
    for (let i = 0; i < LIMITS.failuresMax; i++) {
      assertEquals(await codeOf(() => backend.writeBatch(idBatch(0))), "connection_failed");
    }
    await server.start();
    const { shape: ids } = idBatch(0);
    const request = { shape: ids, source: "s", batchRowsMax: 10, batchBytesMax: 1_000 };
    for (
      const work of [
        () => backend.writeBatch(idBatch(0)),
        () => backend.describeTable!({ name: "nodes" }),
        () => backend.openLoad!(request),
      ]
    ) assertEquals(await codeOf(work), "backend_unavailable");
    const health = await backend.healthCheck();
    assertEquals([health.status, health.breaker?.state], ["healthy", "open"]);
    assertStringIncludes(health.breaker!.detail!, "nothing listens there");
  }));

Deno.test("batches that fail open the breaker too", () =>
  withServer(async (server) => {
    // The lane tries again, each time to hear that the breaker is open.
    const world = impatientWorld;
    await using host = await openHost({ world, breaker: { ...LONG, failuresMax: 1 } });
    const lost = await host.createBackend("postgresql", { url: server.superuserUrl });
    const { shape: ids } = idBatch(0);
    const load = await lost.openLoad!({
      shape: ids,
      source: "s",
      batchRowsMax: 10,
      batchBytesMax: 1_000,
      connections: 1,
    });
    // A host waits for its loads as it closes.
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => void await load.abandon());
    assertEquals((await load.write(idBatch(0))).kind, "written");
    assertEquals(await breakerOf(lost), "closed");
    await server.restart();
    assertEquals((await load.write(idBatch(1))).kind, "retry");
    assertEquals(await breakerOf(lost), "open");
  }));

Deno.test("settings that are wrong do not open the breaker", () =>
  withDatabase(async (url, sql) => {
    await using host = await openHost({ breaker: { ...LONG, failuresMax: 1 } });
    const role = `r_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'first'`);
    try {
      const mine = new URL(url);
      mine.username = role;
      mine.password = "first";
      const backend = await host.createBackend("postgresql", { url: mine.href });
      const table = { name: "t" };
      assertEquals(await codeOf(() => backend.writeBatch(idBatch(0))), "privilege_missing");
      await sql.unsafe(`ALTER ROLE ${role} PASSWORD 'second'`);
      await sql`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
        WHERE usename = ${role}`;
      // What ended is there to be read by now; the pool hears of it in a turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 50));
      assertEquals(await codeOf(() => backend.describeTable!(table)), "authentication_failed");
      assertEquals(await breakerOf(backend), "closed");
      await host.close();
    } finally {
      await sql.unsafe(`DROP ROLE ${role}`);
    }
  }));
