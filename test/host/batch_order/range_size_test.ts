/** How large ranges are. */
import { assert, assertEquals } from "@std/assert";
import { loadSizes, rangeBytes } from "../../../host/batch_order/range_size.ts";
import { LIMITS } from "../../../src/model/limits.ts";

const MIB = 1024 * 1024;

const MOST = LIMITS.rangeBytesMax;
const USUALLY = { planBytes: LIMITS.batchBytesDefault, driverBytes: MOST };

function rangesOf(sourceBytes: number | undefined, lanes: number, most = MOST) {
  return rangeBytes(most, { sourceBytes, lanes, ...USUALLY });
}

Deno.test("ranges are as large as may be where each lane has one, and all about the same", () => {
  assertEquals(rangesOf(undefined, 2), { value: MOST, by: "default" });
  for (const [bytes, lanes] of [[230, 2], [1_000, 2], [10_000, 4], [300, 1], [100, 2]] as const) {
    const { value: size, by } = rangesOf(bytes * MIB, lanes);
    const count = Math.ceil(bytes * MIB / size);
    assertEquals([count % lanes, count >= lanes, size <= MOST], [0, true, true]);
    assertEquals(by, "source");
  }
});

Deno.test("ranges are as large as the driver writes them at once, at the most", () => {
  const ofDriver = { ...USUALLY, driverBytes: 16 * MIB };
  const open = { ...ofDriver, sourceBytes: undefined, lanes: 1 };
  assertEquals(rangeBytes(MOST, open), { value: 16 * MIB, by: "default" });
  assertEquals(rangeBytes(20 * MIB, open), { value: 16 * MIB, by: "default" });
  assertEquals(rangeBytes(9 * MIB, open), { value: 9 * MIB, by: "option" });
});

Deno.test("ranges of a small source are not smaller than pays, nor larger than somebody asks", () => {
  assertEquals(rangesOf(100, 2), { value: 4 * MIB, by: "source" });
  assertEquals(rangesOf(1_024 * MIB, 2, 32 * MIB), { value: 32 * MIB, by: "option" });
  assertEquals(rangesOf(1_000 * MIB, 2, 700), { value: 700, by: "option" });
  const asked = { ...USUALLY, sourceBytes: undefined, lanes: 1, planBytes: MIB };
  assertEquals(rangeBytes(MOST, asked), { value: MIB, by: "plugin" });
  assertEquals(rangeBytes(MIB / 2, asked), { value: MIB / 2, by: "option" });
});

const USUAL: Record<"bytesMax" | "rowsMax", number> = {
  bytesMax: LIMITS.batchBytesDefault,
  rowsMax: LIMITS.batchRowsDefault,
};
const STREAMED = { bytesMax: MOST, streams: true };
const REQUEST: Record<"batchBytesMax" | "batchRowsMax" | "sourceBytes", number> = {
  batchBytesMax: LIMITS.batchBytesMax,
  batchRowsMax: LIMITS.batchRowsMax,
  sourceBytes: 1_000 * MIB,
};

Deno.test("what is read before it is written is as large as the plan says, whatever ranges are", () => {
  const sizes = (writes: boolean, rangeBytesMax?: number) =>
    loadSizes(
      { ...REQUEST, ...(rangeBytesMax === undefined ? {} : { rangeBytesMax }) },
      { lanes: 2, plan: USUAL, ranges: writes ? STREAMED : undefined },
    );
  const batch = {
    bytes: { value: LIMITS.onePassBytesDefault, by: "default" },
    rows: { value: 100_000, by: "default" },
    bytesMax: LIMITS.onePassBytesDefault,
  } as const;
  const { range, ...rest } = sizes(true, 64 * MIB);
  assert(range && range.value > 16 * MIB);
  assertEquals(rest, batch);
  // Of a load that another program has begun with ranges.
  assertEquals(sizes(true), { ...batch, range: undefined });
  // No load of such a family was: what its row says holds.
  const bytes = { value: 16 * MIB, by: "default" } as const;
  const kept = { ...batch, bytes, range: undefined, bytesMax: LIMITS.batchBytesMax };
  assertEquals(sizes(false, 64 * MIB), kept);
});

Deno.test("a batch that is written in one pass is small, unless somebody says how large batches are", () => {
  const bytesOf = (request: Partial<typeof REQUEST>, plan: Partial<typeof USUAL> = {}) => {
    const asked = { lanes: 2, plan: { ...USUAL, ...plan }, ranges: STREAMED };
    const { bytes } = loadSizes({ ...REQUEST, ...request }, asked);
    return [bytes.value, bytes.by];
  };
  assertEquals(bytesOf({}), [LIMITS.onePassBytesDefault, "default"]);
  assertEquals(bytesOf({ batchBytesMax: 20 * MIB }), [16 * MIB, "default"]);
  assertEquals(bytesOf({ batchBytesMax: 9 * MIB }), [9 * MIB, "option"]);
  assertEquals(bytesOf({ batchRowsMax: 90_000 }), [16 * MIB, "default"]);
  assertEquals(bytesOf({}, { bytesMax: 20 * MIB }), [20 * MIB, "plugin"]);
  assertEquals(bytesOf({}, { bytesMax: MIB }), [MIB, "plugin"]);
});

Deno.test("sizes of batches say who has chosen them: the plugin, or who asks for less", () => {
  const of = (request: Partial<typeof REQUEST>, plan: Partial<typeof USUAL>) => {
    const asked = { lanes: 2, plan: { ...USUAL, ...plan }, ranges: undefined };
    const { bytes, rows } = loadSizes({ ...REQUEST, ...request }, asked);
    return [bytes.value, bytes.by, rows.value, rows.by];
  };
  assertEquals(of({}, { bytesMax: 20 * MIB, rowsMax: 500 }), [20 * MIB, "plugin", 500, "plugin"]);
  assertEquals(of({ batchBytesMax: MIB }, {}), [MIB, "option", 100_000, "default"]);
  assertEquals(of({ batchRowsMax: 9 }, { rowsMax: 10 }), [16 * MIB, "default", 9, "option"]);
  assertEquals(of({ batchRowsMax: 10 }, { rowsMax: 9 }), [16 * MIB, "default", 9, "plugin"]);
});
