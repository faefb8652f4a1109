import { assertEquals } from "@std/assert";
import { type CheckedPlan, PlanCache } from "../../../src/load/plan_cache.ts";

const PLAN: CheckedPlan = {
  plan: {
    create: [],
    prepare: [],
    stage: [],
    merge: [],
    finish: [],
    batch: { rowsMax: 1, bytesMax: 1 },
    write: { sql: "INSERT", row: "({values})", rowsMax: 1 },
  },
  hash: "h",
};

Deno.test("plan cache asks once for a key, and again once it was forgotten", async () => {
  const cache = new PlanCache();
  let asked = 0;
  const make = (): Promise<CheckedPlan> => (asked++, Promise.resolve(PLAN));
  await cache.get("a", make);
  await cache.get("a", make);
  assertEquals(asked, 1);
  cache.delete("a");
  await cache.get("a", make);
  assertEquals(asked, 2);
});

Deno.test("plan cache is bounded: the oldest goes first", async () => {
  const cache = new PlanCache(2);
  const asked: string[] = [];
  const get = (key: string) => cache.get(key, () => (asked.push(key), Promise.resolve(PLAN)));
  for (const key of ["a", "b", "c", "c", "b", "a"]) await get(key);
  assertEquals(asked, ["a", "b", "c", "a"]);
});

Deno.test("plan cache does not keep a plan that was refused", async () => {
  const cache = new PlanCache();
  await cache.get("a", () => Promise.reject(new Error("refused"))).catch(() => {});
  assertEquals((await cache.get("a", () => Promise.resolve(PLAN))).hash, "h");
});

Deno.test("plan cache tells what it has, the newest first", async () => {
  const cache = new PlanCache(2);
  for (const hash of ["a", "b", "c"]) {
    await cache.get(hash, () => Promise.resolve({ ...PLAN, hash }));
  }
  assertEquals(cache.newest().map(({ hash }) => hash), ["c", "b"]);
});
