import { assert, assertEquals } from "@std/assert";
import { after, afterIfStillThere } from "../../../src/model/timer.ts";

Deno.test("timer calls back once, and not before its time", async () => {
  const began = performance.now();
  await new Promise<void>((resolve) => after(20, resolve));
  // The system's clock may be a little ahead of the one that is asked here.
  assert(performance.now() - began > 15);
});

Deno.test("timer that was cancelled does not call back", async () => {
  const called: string[] = [];
  const cancel = after(5, () => called.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) => after(30, resolve));
  assertEquals(called, []);
});

Deno.test("timer takes parts of a millisecond and a time that is over", async () => {
  await new Promise<void>((resolve) => after(0.4, resolve));
  await new Promise<void>((resolve) => after(-1, resolve));
});

Deno.test("timer that keeps no program going calls back where something else does", async () => {
  const called: string[] = [];
  afterIfStillThere(5, () => called.push("called"));
  await new Promise<void>((resolve) => after(100, resolve));
  assertEquals(called, ["called"]);
});
