import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { BreakerStatus, HealthStatus } from "../../../src/model/backend.ts";
import { type ErrorCode, LoadError, type LoadErrorOptions } from "../../../src/model/errors.ts";
import type { Failure, FailureKind } from "../../../src/model/failure.ts";
import { Breaker, type BreakerLimits } from "../../../host/connections/breaker.ts";
import { ManualWorld, settle } from "../../support/manual_world.ts";

interface Watched {
  readonly world: ManualWorld;
  readonly breaker: Breaker;
  readonly changes: BreakerStatus[];
  /** When the probe was asked. */
  readonly probed: number[];
  /** What the probe answers; replaced by a test. */
  health: () => Promise<Pick<HealthStatus, "status" | "detail">>;
}

function watched(limits: BreakerLimits = {}): Watched {
  const world = new ManualWorld();
  const changes: BreakerStatus[] = [];
  const probed: number[] = [];
  const it: Watched = {
    world,
    changes,
    probed,
    health: () => Promise.resolve({ status: "unhealthy", detail: "still gone" }),
    breaker: new Breaker({
      backend: "b",
      limits: { failuresMax: 3, pauseMs: 1_000, pauseMsMax: 4_000, ...limits },
      world,
      probe: async () => {
        probed.push(world.now());
        return { ...await it.health(), latencyMs: 1, checkedAt: world.now() };
      },
      onChange: (status) => {
        changes.push(status);
        throw new Error("A listener that fails");
      },
    }),
  };
  return it;
}

function refused(code: ErrorCode = "connection_failed", change: Partial<LoadErrorOptions> = {}) {
  return () =>
    Promise.reject(
      new LoadError("it is gone", { code, blame: "database", retry: true, ...change }),
    );
}

async function fail({ breaker }: Watched, times: number, work = refused()): Promise<void> {
  for (let i = 0; i < times; i++) await assertRejects(() => breaker.run(work), LoadError);
}

function failureOf(kind: FailureKind): Failure {
  return { kind, code: "C", message: "it is gone" };
}

Deno.test("breaker opens after so many transient failures in a row, and then calls nobody", async () => {
  const it = watched();
  await it.world.pass(500);
  await fail(it, 2);
  assertEquals(await it.breaker.run(() => Promise.resolve(7)), 7);
  await fail(it, 2);
  assertEquals(it.breaker.state, "closed", "a success in between starts the count again");
  await fail(it, 1);
  assertEquals(it.breaker.status, { state: "open", since: 500, detail: "it is gone" });
  let called = false;
  const error: LoadError = await assertRejects(
    () => it.breaker.run(() => Promise.resolve(called = true)),
    LoadError,
  );
  assertEquals([error.code, error.retry, called], ["backend_unavailable", true, false]);
  for (const part of ["Backend b", "1970-01-01T00:00:00.500Z", "it is gone"]) {
    assertStringIncludes(error.message, part);
  }
  await assertRejects(() => it.breaker.admit(), LoadError, "out of service");
  it.breaker.stop();
});

Deno.test("breaker counts what may pass by itself, and nothing else", async () => {
  const counted: ErrorCode[] = [
    "connection_failed",
    "connection_lost",
    "timeout",
    "backend_unavailable",
  ];
  for (const code of counted) {
    const it = watched({ failuresMax: 1 });
    await fail(it, 1, refused(code));
    assertEquals(it.breaker.state, "open", code);
    it.breaker.stop();
  }
  const it = watched({ failuresMax: 1 });
  await fail(it, 1, refused("authentication_failed", { retry: false }));
  await fail(it, 1, refused("privilege_missing", { retry: false }));
  await fail(it, 1, refused("conflict"));
  // The wrong host in a url, and a pool that is too small.
  await fail(it, 1, refused("connection_failed", { blame: "config", retry: false }));
  await fail(it, 1, refused("timeout", { blame: "config" }));
  await assertRejects(
    () => it.breaker.run(() => Promise.reject(new TypeError("a bug"))),
    TypeError,
  );
  assertEquals(it.breaker.state, "closed");
});

Deno.test("breaker counts the failures of batches by their kind, also of those whose COMMIT was lost", async () => {
  const transient: FailureKind[] = ["connection", "unavailable", "timeout"];
  for (const kind of transient) {
    const it = watched({ failuresMax: 2 });
    await it.breaker.failed(failureOf(kind));
    await it.breaker.succeeded();
    await it.breaker.failed(failureOf(kind));
    assertEquals(it.breaker.state, "closed", kind);
    await it.breaker.failed({ ...failureOf(kind), commitUnknown: true });
    assertEquals(it.breaker.state, "open", kind);
    it.breaker.stop();
  }
  const others: FailureKind[] = [
    "data",
    "integrity",
    "conflict",
    "resource",
    "privilege",
    "unknown",
  ];
  const it = watched({ failuresMax: 1 });
  for (const kind of others) await it.breaker.failed(failureOf(kind));
  assertEquals(it.breaker.state, "closed");
});

Deno.test("breaker asks for health after its pause, by itself, and closes where it is well", async () => {
  const it = watched();
  await fail(it, 3);
  await it.world.pass(999);
  assertEquals(it.probed, []);
  it.health = () => Promise.resolve({ status: "degraded" });
  await it.world.pass(1);
  assertEquals(it.probed, [1_000]);
  assertEquals(it.changes.map(({ state }) => state), ["open", "half_open", "closed"]);
  assertEquals(it.breaker.status, { state: "closed" });
  assertEquals(await it.breaker.run(() => Promise.resolve(7)), 7);
  await fail(it, 2);
  assertEquals(it.breaker.state, "closed", "the count began again");
  assertEquals(it.world.sleepers, 0);
});

Deno.test("breaker pauses for twice as long after each probe that fails, up to its maximum", async () => {
  const it = watched();
  await it.world.pass(100);
  await fail(it, 3);
  await it.world.pass(16_000);
  assertEquals(it.probed, [1_100, 3_100, 7_100, 11_100, 15_100]);
  assertEquals(it.breaker.status, { state: "open", since: 100, detail: "still gone" });
  it.breaker.stop();
  await settle();
  assertEquals(it.world.sleepers, 0);
});

Deno.test("breaker lets wait who comes while it asks, and then pass or not", async () => {
  const it = watched();
  for (const status of ["unhealthy", "healthy"] as const) {
    const answer = Promise.withResolvers<{ status: HealthStatus["status"] }>();
    it.health = () => answer.promise;
    if (it.breaker.state === "closed") await fail(it, 3);
    await it.world.pass(2_000);
    assertEquals(it.breaker.state, "half_open");
    const passed: unknown[] = [];
    const both = [1, 2].map((n) =>
      it.breaker.run(() => Promise.resolve(n)).then((n) => passed.push(n), (e) => passed.push(e))
    );
    await settle();
    assertEquals([passed, it.probed.length], [[], status === "healthy" ? 2 : 1]);
    answer.resolve({ status });
    await Promise.all(both);
    if (status === "healthy") assertEquals(passed, [1, 2]);
    else assert(passed.every((e) => e instanceof LoadError && e.code === "backend_unavailable"));
  }
  assertEquals(it.breaker.state, "closed");
});

Deno.test("breaker leaves it to the probe what failures of work mean that ends after it opened", async () => {
  const it = watched();
  const late = Promise.withResolvers<void>();
  const running = it.breaker.run(() => late.promise);
  await settle();
  await fail(it, 3);
  await it.breaker.succeeded();
  late.resolve();
  await running;
  assertEquals(it.breaker.state, "open");
  await it.breaker.failed(failureOf("connection"));
  assertEquals(it.changes.length, 1);
  it.breaker.stop();
});

Deno.test("breaker begins no work that it admitted in the moment in which it opened", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const it = watched({ failuresMax: 1 });
    const failing = fail(it, 1);
    for (let i = 0; i < turns; i++) await Promise.resolve();
    const states: string[] = [];
    const work = () => Promise.resolve(states.push(it.breaker.state));
    const late = it.breaker.run(work).catch((error) => error);
    await failing;
    const outcome = await late;
    if (states.length > 0) assertEquals(states, ["closed"]);
    else assertEquals(outcome.code, "backend_unavailable");
    assertEquals(it.changes.map(({ state }) => state), ["open"]);
    it.breaker.stop();
  }
});
