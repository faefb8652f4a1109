/** What runs the tests: it counts, names and repeats what came of a file. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { failureOf, type FileRun, runFile } from "../runner/file_run.ts";
import { ALONE, LONGEST } from "../runner/order.ts";
import { withFolder } from "../support/target.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const WHERE = new URL("../support/test_where.ts", import.meta.url).href;

function ran(text: string, hangsMs = 60_000): Promise<FileRun> {
  return withFolder(async (scratch) => {
    const file = join(scratch, "sample_test.ts");
    await Deno.writeTextFile(file, text);
    const { signal } = new AbortController();
    return await runFile(file, { root: ROOT, scratch, flags: [], env: {}, signal, hangsMs });
  });
}

Deno.test("runner counts what passed, failed and was skipped, and repeats what failed", async () => {
  const run = await ran(`
    import { testWhere } from ${JSON.stringify(WHERE)};
    Deno.test("good", () => {});
    Deno.test("bad", () => { console.error("be" + "fore"); throw new Error("no <good> & bad"); });
    testWhere(undefined, "there", () => {});
    testWhere("no <server> is here", "far & away", () => { throw new Error("it ran"); });
    Deno.test({ name: "silent", ignore: [1].length === 1, fn() {} });`);
  assertEquals(run.counts, {
    passed: 2,
    failed: 2,
    skipped: [
      { name: "far & away", reason: "no <server> is here" },
      { name: "silent", reason: undefined },
    ],
  });
  assertStringIncludes(run.output, "before");
  assertStringIncludes(failureOf(run), "no <good> & bad");
  assertEquals(failureOf(run).includes("before"), false);
});

Deno.test("runner counts steps, and a test of which one has failed", async () => {
  const run = await ran(`
    Deno.test("whole", async (t) => {
      await t.step("good", () => {});
      if (await t.step("bad", () => { throw new Error("in a step"); })) throw new Error("it passed");
      await t.step("outer", async (t) => void await t.step("inner", () => {}));
    });
    Deno.test.afterAll(() => console.log("after all"));
    Deno.test("last", () => console.log("the last one"));`);
  assertEquals(run.counts, { passed: 4, failed: 2, skipped: [] });
  assertStringIncludes(failureOf(run), "in a step");
  assert(run.output.indexOf("after all") > run.output.indexOf("the last one"), run.output);
});

Deno.test("runner counts a file that cannot be read, that ends its process, or that hangs", async () => {
  const good = "Deno.test('good', () => {});";
  for (
    const [text, says, hangsMs] of [
      ["const a = ;", "Expression expected"],
      ["", ""],
      ["console.log('so far'); Deno.exit(0);", "so far"],
      [`${good} Deno.test('ends it', () => Deno.exit(0));`, "ends it ..."],
      [`${good} Deno.test('waits for nothing', () => new Promise(() => {}));`, "never resolved"],
      [`${good} queueMicrotask(() => { throw new Error('nobody waits'); });`, "nobody waits"],
      [`${good} Deno.test('odd', { fn() {} });`, "does not know: odd"],
      [`${good} Deno.test({ name: 'one', permissions: 'none', fn() {} });`, "does not know: one"],
      ["Deno.test('waits', () => new Promise((go) => setTimeout(go, 60_000)));", "hung for", 2_000],
    ] as const
  ) {
    const run = await ran(text, hangsMs);
    assertEquals(run.counts, { passed: 0, failed: 1, skipped: [] }, text);
    assertStringIncludes(failureOf(run), says);
  }
  const left = await ran(`${good} Deno.test.afterAll(() => { throw new Error("left open"); });`);
  assertEquals(left.counts, { passed: 1, failed: 1, skipped: [] });
  assertStringIncludes(failureOf(left), "left open");
});

Deno.test("runner runs first, or alone, what is there", async () => {
  for (const file of [...Object.keys(ALONE), ...LONGEST]) await Deno.stat(join(ROOT, file));
});
