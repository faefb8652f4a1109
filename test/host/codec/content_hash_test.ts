/** The hash of a batch: made in steps or at once, side by side, it is XXH64 of the bytes. */
import { assertEquals } from "@std/assert";
import xxhash from "xxhash-wasm";
import { contentHasher } from "../../../host/codec/content_hash.ts";

const { h64Raw } = await xxhash();
const STEP_BYTES = 2 * 1024 * 1024;

for (const length of [0, 1, 31, 32, 65_535, 65_536, STEP_BYTES - 1, STEP_BYTES, STEP_BYTES + 7]) {
  Deno.test(`content hash of ${length} bytes is the same in steps, at once and beside another`, async () => {
    const hash = await contentHasher();
    const bytes = new Uint8Array(length).map((_, i) => (i * 131) ^ (i >> 5));
    const expected = h64Raw(bytes).toString(16).padStart(16, "0");
    const [stepped, other, atOnce] = [
      hash(bytes),
      hash(new Uint8Array(bytes.length + 1)),
      hash(bytes),
    ];
    stepped.advance();
    other.advance();
    while (stepped.advance());
    assertEquals([stepped.hex(), atOnce.hex(), atOnce.hex()], [expected, expected, expected]);
    assertEquals(other.hex() === expected, false);
  });
}
