/**
 * The codec with fuel and without: 10,000 batches, whole and damaged, as COPY text, COPY binary and
 * cells, of NDJSON and CSV, come out alike to the byte. It is the largest module that there is, with
 * every kind of instruction that a compiler makes, bulk and vectors among them.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type Batch, rowCount } from "../../../../src/model/batch.ts";
import { buildCodec } from "../../../../tools/build_codec.ts";
import type { Codec } from "../../../../host/codec/codec.ts";
import { codecOf } from "../../../../host/codec/wasm_codec.ts";
import { type CodecExports, instanceOf } from "../../../../host/codec/wasm_module.ts";
import { decodeModule } from "../../../../host/plugins/sandbox/decode.ts";
import { FUEL_EXPORT, meterModule } from "../../../../host/plugins/sandbox/meter.ts";
import { randomBatch } from "../../codec/differential_batch.ts";
import { compareTasks } from "../../codec/differential_compare.ts";
import { Random } from "../../codec/differential_random.ts";
import { randomTasks } from "../../codec/differential_task.ts";

const MODULE = fromFileUrl(new URL("../../../../host/codec/dist/codec.wasm", import.meta.url));
const BATCHES = 10_000;
/** Cells of a batch, at the most; some fill more than one slice. */
const CELLS = { usual: 60, large: 20_000 } as const;
/** More than all of it takes: here fuel is counted, and never used up. */
const FUEL = 2n ** 60n;

Deno.test(`metered, the codec makes of ${BATCHES} batches what it makes without fuel`, async () => {
  await buildCodec();
  const bytes = await Deno.readFile(MODULE);
  const original = await codecOf(instanceOf(new WebAssembly.Module(bytes)));
  const { codec, fuel } = await meteredCodec(bytes);
  const first = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const counts = { rows: 0, formats: new Set<string>() };
  for (let number = 0; number < BATCHES; number++) {
    const seed = (first + number) % 2 ** 32;
    const random = new Random(seed);
    const batch = randomBatch(random, random.chance(0.001) ? CELLS.large : CELLS.usual);
    const all = randomTasks(random, batch);
    // Several at once, now and then: they take turns on the instance.
    const turns = random.chance(0.2) ? random : undefined;
    const tasks = turns ? all : [random.pick(all)];
    const difference = compareTasks({ reference: original, candidate: codec }, tasks, turns);
    assertEquals(difference?.text, undefined, `seed ${seed}, without fuel is the reference`);
    // By another module, of the batch itself: nothing of what was encoded has touched it.
    assertEquals(hashOf(codec, batch), hashOf(original, batch), `seed ${seed}`);
    counts.rows += rowCount(batch);
    counts.formats.add(batch.format.kind);
  }
  assert(counts.rows > BATCHES, `${counts.rows} rows`);
  assertEquals([...counts.formats].sort(), ["csv", "ndjson"]);
  const used = FUEL - (fuel.value as bigint);
  assert(used > 100n * BigInt(counts.rows), `${used} units of fuel for ${counts.rows} rows`);
});

/** The codec as it would run if it were a plugin's, and its counter. */
async function meteredCodec(
  bytes: Uint8Array,
): Promise<{ readonly codec: Codec; readonly fuel: WebAssembly.Global }> {
  const module = new WebAssembly.Module(meterModule(decodeModule(bytes)));
  const exports = await instanceOf(module);
  const { [FUEL_EXPORT]: fuel } = exports as CodecExports & Record<string, WebAssembly.Global>;
  fuel!.value = FUEL;
  return { codec: await codecOf(Promise.resolve(exports)), fuel: fuel! };
}

function hashOf(codec: Codec, batch: Batch): readonly [string, string] {
  const hash = codec.contentHash(batch);
  return [hash.hex(), hash.marks().toHex()];
}
