import { assertEquals, assertRejects, assertStrictEquals, assertStringIncludes } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { Pool, type PoolOptions } from "../../../host/connections/pool.ts";
import type { Connection } from "../../../host/drivers/driver.ts";
import { ManualWorld, settle } from "../../support/manual_world.ts";

/** Stands for a session: it lives until told otherwise, and remembers that it was closed. */
class FakeSession {
  usable = true;
  closed = false;
  answers = true;
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function pool(
  change: Partial<PoolOptions> = {},
): { pool: Pool; world: ManualWorld; opened: FakeSession[] } {
  const world = new ManualWorld();
  const opened: FakeSession[] = [];
  return {
    world,
    opened,
    pool: new Pool({
      endpoint: "db://here",
      sizeMax: 2,
      world,
      open: () => {
        opened.push(new FakeSession());
        return Promise.resolve(opened.at(-1) as unknown as Connection);
      },
      validate: (connection) =>
        (connection as unknown as FakeSession).answers
          ? Promise.resolve()
          : Promise.reject(new Error("gone")),
      close: (connection) => connection.close(),
      ...change,
    }),
  };
}

Deno.test("pool opens a connection when it is first needed, and lends it again", async () => {
  const { pool: p, opened } = pool();
  assertEquals(p.size, { open: 0, leased: 0 });
  const first = await p.lease();
  assertEquals(p.size, { open: 1, leased: 1 });
  await first.release();
  const second = await p.lease();
  assertStrictEquals(second.connection, first.connection);
  assertEquals(opened.length, 1);
});

Deno.test("pool replaces a connection that died while it was leased", async () => {
  const { pool: p, opened } = pool();
  const first = await p.lease();
  opened[0]!.usable = false;
  await first.release();
  assertEquals(opened[0]!.closed, true);
  await p.lease();
  assertEquals(opened.length, 2);
});

Deno.test("pool probes a connection that was idle for long, and replaces it when it is dead", async () => {
  const { pool: p, opened, world } = pool({ validateAfterMs: 1_000 });
  await (await p.lease()).release();
  opened[0]!.answers = false;
  const early = await p.lease();
  assertStrictEquals(early.connection as unknown, opened[0], "not probed yet");
  await early.release();
  await world.pass(1_000);
  const late = await p.lease();
  assertStrictEquals(late.connection as unknown, opened[1]);
  assertEquals(opened[0]!.closed, true);
});

Deno.test("pool never opens more than its size, and serves who waits in order", async () => {
  const { pool: p, opened } = pool();
  const leases = [await p.lease(), await p.lease()];
  const served: number[] = [];
  const third = p.lease().then((lease) => (served.push(3), lease));
  const fourth = p.lease().then((lease) => (served.push(4), lease));
  await settle();
  assertEquals([opened.length, served.length], [2, 0]);
  await leases[0]!.release();
  await third;
  assertEquals(served, [3]);
  await leases[1]!.release();
  await fourth;
  assertEquals([served, opened.length], [[3, 4], 2]);
});

Deno.test("pool tells who waits too long, with the way out", async () => {
  const { pool: p, world } = pool({ sizeMax: 1, acquireTimeoutMs: 500 });
  await p.lease();
  const waiting = assertRejects(() => p.lease(), LoadError);
  await world.pass(500);
  const error: LoadError = await waiting;
  assertEquals(error.code, "timeout");
  assertStringIncludes(error.message, "poolSize");
  assertEquals(world.sleepers, 0);
});

Deno.test("pool lets the next in line try when opening fails", async () => {
  let tries = 0;
  const { pool: p } = pool({
    sizeMax: 1,
    open: async () => {
      await settle();
      if (++tries === 1) {
        throw new LoadError("no", { code: "connection_failed", blame: "database" });
      }
      return new FakeSession() as unknown as Connection;
    },
  });
  const first = assertRejects(() => p.lease(), LoadError, "no");
  const second = p.lease();
  await first;
  assertEquals((await second).connection.usable, true);
});

Deno.test("pool drains: idle ones are closed, leased ones when they come back, new leases refused", async () => {
  const { pool: p, opened } = pool();
  const kept = await p.lease();
  await (await p.lease()).release();
  let drained = false;
  const draining = p.drain().then(() => drained = true);
  await settle();
  assertEquals([opened[1]!.closed, opened[0]!.closed, drained], [true, false, false]);
  const error: LoadError = await assertRejects(() => p.lease(), LoadError);
  assertEquals(error.code, "backend_unavailable");
  await kept.release();
  await draining;
  assertEquals(opened[0]!.closed, true);
});

Deno.test("pool tells who waits when it is drained", async () => {
  const { pool: p } = pool({ sizeMax: 1 });
  const lease = await p.lease();
  const waiting = assertRejects(() => p.lease(), LoadError, "being closed");
  await settle();
  const draining = p.drain();
  await waiting;
  await lease.release();
  await draining;
});

Deno.test("pool takes a release twice as one", async () => {
  const { pool: p } = pool();
  const lease = await p.lease();
  await lease.release();
  await lease.release();
  assertEquals(p.size, { open: 1, leased: 0 });
});

Deno.test("pool opens what is expected before it is leased, within its size", async () => {
  const { pool: p, opened } = pool();
  p.expect(5);
  assertEquals([opened.length, p.free], [2, 2]);
  p.expect(2);
  const leases = [await p.lease(), await p.lease()];
  assertEquals([opened.length, p.size, p.free], [2, { open: 2, leased: 2 }, 0]);
  const waiting = p.lease();
  await leases[0]!.release();
  assertStrictEquals((await waiting).connection, leases[0]!.connection);
});

Deno.test("pool tells whoever leases why what was expected did not open", async () => {
  let tries = 0;
  const { pool: p } = pool({
    sizeMax: 1,
    open: () => Promise.reject(new LoadError(`no ${++tries}`, { code: "timeout", blame: "host" })),
  });
  p.expect(1);
  await assertRejects(() => p.lease(), LoadError, "no 2");
  assertEquals(p.free, 1);
});

Deno.test("pool closes what was expected and never leased when it is drained", async () => {
  const { pool: p, opened } = pool();
  p.expect(2);
  await p.drain();
  assertEquals(opened.map(({ closed }) => closed), [true, true]);
  p.expect(1);
  assertEquals(opened.length, 2);
});
