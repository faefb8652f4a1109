/** How large ranges are. */
import { assert, assertEquals } from "@std/assert";
import { loadSizes, rangeBytes } from "../../../host/batch_order/range_size.ts";
import { LIMITS } from "../../../src/model/limits.ts";

const MIB = 1024 * 1024;

function sizeOf(sourceBytes: number | undefined, lanes: number, most = 64 * MIB): number {
  return rangeBytes(most, { sourceBytes, lanes, planBytes: LIMITS.batchBytesDefault });
}

Deno.test("ranges are 64 MiB where that is enough for each lane, and all about the same", () => {
  assertEquals(sizeOf(undefined, 2), 64 * MIB);
  for (const [bytes, lanes] of [[230, 2], [1_000, 2], [10_000, 4], [300, 1], [100, 2]] as const) {
    const size = sizeOf(bytes * MIB, lanes);
    const count = Math.ceil(bytes * MIB / size);
    assertEquals([count % lanes, count >= 2 * lanes, size <= 64 * MIB], [0, true, true]);
  }
});

Deno.test("ranges of a small source are not smaller than pays, nor larger than somebody asks", () => {
  assertEquals(sizeOf(100, 2), 4 * MIB);
  assertEquals(sizeOf(1_024 * MIB, 2, 32 * MIB), 32 * MIB);
  assertEquals(sizeOf(1_000 * MIB, 2, 700), 700);
  assertEquals(rangeBytes(64 * MIB, { sourceBytes: undefined, lanes: 1, planBytes: MIB }), MIB);
});

Deno.test("what is read before it is written is as large as the plan says, whatever ranges are", () => {
  const request = { batchBytesMax: 32 * MIB, sourceBytes: 1_000 * MIB };
  const plan = { lanes: 2, planBytes: 16 * MIB };
  const sizes = (streams: boolean, rangeBytesMax?: number) =>
    loadSizes(
      { ...request, ...(rangeBytesMax === undefined ? {} : { rangeBytesMax }) },
      { ...plan, streams },
    );
  const batchBytesMax = 16 * MIB;
  const large = sizes(true, 64 * MIB);
  assert(large.ranges && large.batchBytesMax > batchBytesMax);
  assertEquals(large.bufferBytesMax, batchBytesMax);
  // Of a load that another program has begun with ranges.
  const asPlanned = { ranges: false, batchBytesMax, bufferBytesMax: batchBytesMax };
  assertEquals(sizes(true), asPlanned);
  // No load of such a family was: what its row says holds.
  assertEquals(sizes(false, 64 * MIB), { ...asPlanned, bufferBytesMax: LIMITS.batchBytesMax });
});
