import { assert, assertEquals } from "@std/assert";
import { Deadlines } from "../../../host/platform/deadlines.ts";
import { after } from "../../../src/model/timer.ts";

const LONG_MS = 60_000;

Deno.test("deadlines tell those that are missed, in their order, and none that is met", async () => {
  const deadlines = new Deadlines();
  const told: string[] = [];
  const all = Promise.withResolvers<void>();
  deadlines.begin(LONG_MS, () => told.push("long"));
  const met = deadlines.begin(10, () => told.push("met"));
  deadlines.begin(60, () => {
    told.push("second");
    all.resolve();
  });
  // Sooner than what the timer waits for.
  deadlines.begin(5, () => told.push("first"));
  met();
  await all.promise;
  assertEquals(told, ["first", "second"]);
});

Deno.test("deadlines count anew behind one that was missed and one that was met", async () => {
  const deadlines = new Deadlines();
  for (let round = 0; round < 3; round++) {
    deadlines.begin(LONG_MS, () => assert(false))();
    await new Promise<void>((resolve) => deadlines.begin(1, resolve));
  }
});

Deno.test("deadline that begins while another is told of is told of as well", async () => {
  const deadlines = new Deadlines();
  await new Promise<void>((resolve) => {
    deadlines.begin(1, () => deadlines.begin(1, resolve));
  });
});

Deno.test("deadlines that are met keep no program alive", async () => {
  const module = new URL("../../../host/platform/deadlines.ts", import.meta.url).href;
  const script = `import { Deadlines } from ${JSON.stringify(module)};` +
    `const deadlines = new Deadlines(); deadlines.begin(${LONG_MS}, () => {})();` +
    `await new Promise((r) => deadlines.begin(1, r)); deadlines.begin(${LONG_MS}, () => {})();`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script],
    stderr: "inherit",
    stdout: "null",
  }).spawn();
  const late = Promise.withResolvers<"late">();
  const cancel = after(LONG_MS / 2, () => late.resolve("late"));
  const outcome = await Promise.race([child.status, late.promise]);
  cancel();
  if (outcome === "late") child.kill("SIGKILL");
  assert(outcome !== "late" && outcome.success);
});
