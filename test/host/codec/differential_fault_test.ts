/** The comparison itself: it finds each fault that is put in, and names what shows it. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { compareTasks } from "./differential_compare.ts";
import { FAULTS, latin1 } from "./differential_fault.ts";
import { Random } from "./differential_random.ts";
import { runDifferential, tasksOf } from "./differential_run.ts";

/** Batches within which each fault is found. */
const BATCHES = 4000;

Deno.test("differential run finds every fault that is put into a codec", async () => {
  const reference = await createReferenceCodec();
  const open = new Map(Object.entries(FAULTS).map(([name, make]) => [name, make()]));
  for (let seed = 1; open.size > 0 && seed <= BATCHES; seed++) {
    const random = new Random(seed);
    const tasks = tasksOf(random);
    const texts = [...new Set(tasks.map((task) => task.batch))].map(latin1);
    for (const [name, { codec, needs }] of open) {
      if (needs !== undefined && !texts.some((text) => text.includes(needs))) continue;
      if (compareTasks({ reference, candidate: codec }, tasks) !== undefined) open.delete(name);
    }
  }
  assertEquals([...open.keys()], []);
});

Deno.test("differential run finds nothing where there is nothing, and counts what it compared", async () => {
  const source = () => createReferenceCodec();
  const counts = await runDifferential(source, { seed: 7, cellsMin: 20_000 });
  assertEquals(counts.differences, []);
  assert(counts.cells >= 20_000 && counts.rows > 1000 && counts.batches > 10);
});

Deno.test("differential run names the seed and the smallest record that shows a difference", async () => {
  const source = () => Promise.resolve(FAULTS["takes a lone surrogate"]!().codec);
  const counts = await runDifferential(source, { seed: 4, cellsMin: 300_000 });
  assertEquals(counts.differences.length, 1);
  const [text] = counts.differences;
  assertMatch(text!, /^seed \d+: (copy|cells) /);
  assertMatch(text!, /columns \(1\)/);
  assertMatch(text!, /rows \(1\).*udc00/);
  const seed = Number(/^seed (\d+)/.exec(text!)![1]);
  assertEquals(await runDifferential(source, { seed, cellsMin: 1 }), { ...counts, ...first(seed) });
});

/** The counts of one batch alone. */
function first(seed: number): { batches: number; rows: number; cells: number; bytes: number } {
  const batches = new Set(tasksOf(new Random(seed)).map((task) => task.batch));
  let [rows, cells, bytes] = [0, 0, 0];
  for (const { offsets, shape, bytes: { length } } of batches) {
    rows += offsets.length - 1;
    cells += (offsets.length - 1) * shape.columns.length;
    bytes += length;
  }
  return { batches: 1, rows, cells, bytes };
}
