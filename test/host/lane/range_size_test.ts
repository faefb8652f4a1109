/** How large ranges are. */
import { assertEquals } from "@std/assert";
import { rangeBytes } from "../../../host/lane/range_size.ts";
import { LIMITS } from "../../../src/limits.ts";

const MIB = 1024 * 1024;

function sizeOf(sourceBytes: number | undefined, lanes: number, most = 64 * MIB): number {
  return rangeBytes(most, { sourceBytes, lanes, planBytes: LIMITS.batchBytesDefault });
}

Deno.test("ranges are 64 MiB where that is enough for each lane, and all about the same", () => {
  assertEquals(sizeOf(undefined, 2), 64 * MIB);
  for (const [bytes, lanes] of [[230, 2], [1_000, 2], [10_000, 4], [300, 1]] as const) {
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
