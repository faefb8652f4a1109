/** The hash of a batch: made in steps or at once, side by side, it is XXH64 of the bytes. */
import { assertEquals } from "@std/assert";
import xxhash from "xxhash-wasm";
import { contentHasher } from "../../../host/codec/content_hash.ts";
import { firstDifference, MARKS_MAX } from "../../../src/load/row_marks.ts";

const { h64Raw } = await xxhash();
const STEP_BYTES = 2 * 1024 * 1024;

function rowsOf(bytes: Uint8Array<ArrayBuffer>, count: number) {
  const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => {
    return Math.floor(bytes.length * i / count);
  });
  return { bytes, offsets };
}

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).map((_, i) => (i * 131) ^ (i >> 5));
}

for (const length of [1, 31, 32, 65_535, 65_536, STEP_BYTES - 1, STEP_BYTES, STEP_BYTES + 7]) {
  Deno.test(`content hash of ${length} bytes is the same in steps, at once and beside another`, async () => {
    const hash = await contentHasher();
    const bytes = bytesOf(length);
    const expected = h64Raw(bytes).toString(16).padStart(16, "0");
    const rows = rowsOf(bytes, Math.min(length, 3_000));
    const [stepped, other, atOnce] = [
      hash(rows),
      hash(rowsOf(new Uint8Array(length + 1), 1)),
      hash(rows),
    ];
    stepped.advance();
    other.advance();
    while (stepped.advance());
    assertEquals([stepped.hex(), atOnce.hex(), atOnce.hex()], [expected, expected, expected]);
    assertEquals(stepped.marks(), atOnce.marks());
    assertEquals(other.hex() === expected, false);
  });
}

for (const count of [1, 2, MARKS_MAX, MARKS_MAX + 1, 100_000]) {
  Deno.test(`marks of ${count} rows find the first row that differs, or the few around it`, async () => {
    const hash = await contentHasher();
    const bytes = bytesOf(count * 7);
    const before = hash(rowsOf(bytes, count));
    for (const row of [0, count >> 1, count - 1]) {
      const changed = bytes.slice();
      changed[row * 7 + 3]! ^= 1;
      // What follows may differ too.
      changed[count * 7 - 1]! ^= 1;
      const after = hash(rowsOf(changed, count));
      assertEquals(before.hex() === after.hex(), false);
      const { from, to } = firstDifference(count, before.marks(), after.marks());
      assertEquals([from <= row, row < to], [true, true]);
      assertEquals(to - from <= Math.ceil(count / MARKS_MAX), true);
    }
  });
}
