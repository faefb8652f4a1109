/** When loads are due. */
import { assertEquals, assertThrows } from "@std/assert";
import { Schedule } from "../../../host/serve/schedule.ts";
import { LoadError } from "../../../mod.ts";
import { ManualWorld } from "../../support/manual_world.ts";

const MINUTE = 60_000;

Deno.test("schedule is due at each of its times, and no more once it is stopped", async () => {
  const world = new ManualWorld();
  const due: number[] = [];
  const schedule = new Schedule("*/5 * * * *", { world, onDue: () => due.push(world.now()) });
  assertEquals(schedule.next, 5 * MINUTE);
  await world.pass(16 * MINUTE);
  assertEquals(due, [5, 10, 15].map((minutes) => minutes * MINUTE));
  schedule[Symbol.dispose]();
  await world.pass(20 * MINUTE);
  assertEquals([due.length, world.sleepers], [3, 0]);
});

Deno.test("schedule counts what was slept through once", async () => {
  let asleepMs = 0;
  const world = new ManualWorld();
  const clock = Object.assign(Object.create(world) as ManualWorld, {
    now: () => world.now() + asleepMs,
    sleep: (ms: number, signal?: AbortSignal) => world.sleep(ms, signal),
  });
  const due: number[] = [];
  const schedule = new Schedule("*/5 * * * *", {
    world: clock,
    onDue: () => due.push(clock.now()),
  });
  await world.pass(MINUTE);
  asleepMs = 60 * MINUTE;
  await world.pass(MINUTE);
  assertEquals(due.length, 1);
  assertEquals(schedule.next, 65 * MINUTE);
  schedule[Symbol.dispose]();
});

Deno.test("schedule that is none is refused", () => {
  const words = () => new Schedule("every day", { world: new ManualWorld(), onDue: () => {} });
  assertThrows(words, LoadError, "Schedule cannot be read");
});
