import { assertEquals, assertRejects } from "@std/assert";
import type { HealthStatus } from "../../../src/model/backend.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { HealthMonitor } from "../../../host/connections/health.ts";
import { ManualWorld, settle } from "../../support/manual_world.ts";

function watched(): {
  world: ManualWorld;
  monitor: HealthMonitor;
  asked: number[];
  changes: string[];
  answer: { status: HealthStatus["status"] };
} {
  const world = new ManualWorld();
  const asked: number[] = [];
  const changes: string[] = [];
  const answer: { status: HealthStatus["status"] } = { status: "healthy" };
  const monitor = new HealthMonitor({
    backend: "b",
    intervalMs: 1_000,
    intervalMsMax: 4_000,
    world,
    check: () => {
      asked.push(world.now());
      return Promise.resolve({ status: answer.status, latencyMs: 1, checkedAt: world.now() });
    },
    onChange: (status) => changes.push(status.status),
  });
  return { world, monitor, asked, changes, answer };
}

Deno.test("health is asked at its interval, and slower after each failure", async () => {
  const { world, monitor, asked, answer } = watched();
  monitor.start();
  await world.pass(2_000);
  assertEquals(asked, [1_000, 2_000]);
  answer.status = "unhealthy";
  await world.pass(20_000);
  assertEquals(asked.slice(2), [3_000, 5_000, 9_000, 13_000, 17_000, 21_000]);
  answer.status = "healthy";
  await world.pass(6_000);
  assertEquals(asked.slice(8), [25_000, 26_000, 27_000, 28_000]);
  monitor.stop();
});

Deno.test("health takes a failing backend out of service and brings it back by itself", async () => {
  const { world, monitor, changes, answer } = watched();
  monitor.start();
  await world.pass(1_000);
  answer.status = "unhealthy";
  await world.pass(1_000);
  assertEquals(monitor.inService, false);
  answer.status = "healthy";
  await world.pass(2_000);
  assertEquals(monitor.inService, true);
  assertEquals(changes, ["healthy", "unhealthy", "healthy"]);
  monitor.stop();
});

Deno.test("health asks once more before it refuses, so that who is back is never turned away", async () => {
  const { world, monitor, asked, answer } = watched();
  answer.status = "unhealthy";
  await monitor.check();
  const error: LoadError = await assertRejects(() => monitor.ensureInService(), LoadError);
  assertEquals([error.code, error.retry], ["backend_unavailable", true]);
  answer.status = "degraded";
  await monitor.ensureInService();
  assertEquals(asked.length, 3);
  await monitor.ensureInService();
  assertEquals(asked.length, 3);
  await world.pass(0);
});

Deno.test("health shares one check among all who ask at once, and ends when it is stopped", async () => {
  const { world, monitor, asked } = watched();
  await Promise.all([monitor.check(), monitor.check(), monitor.check()]);
  assertEquals(asked.length, 1);
  monitor.start();
  await settle();
  monitor.stop();
  await settle();
  assertEquals(world.sleepers, 0);
});
