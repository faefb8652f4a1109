import { assertEquals } from "@std/assert";
import fc from "fast-check";
import wabt from "wabt";
import { ByteFinder, byteFinder, FIND_BYTES_MAX } from "../../../src/batching/byte_finder.ts";
import { BYTE_FINDER_TEXT, BYTE_FINDER_WASM } from "../../../src/batching/byte_finder_module.ts";

Deno.test("byte finder is what its text says", async () => {
  const toolkit = await wabt();
  const module = toolkit.parseWat("byte_finder.wat", BYTE_FINDER_TEXT, { simd: true });
  assertEquals(new Uint8Array(module.toBinary({}).buffer).toBase64(), BYTE_FINDER_WASM);
  module.destroy();
});

Deno.test("byte finder finds what looking at each byte finds", () => {
  const bytes = fc.uint8Array({ min: 8, max: 13, maxLength: 300 });
  const byte = fc.integer({ min: 8, max: 13 });
  const finder = new ByteFinder();
  fc.assert(fc.property(bytes, fc.nat(300), byte, byte, (bytes, skip, first, second) => {
    const from = Math.min(skip, bytes.length);
    for (const to of [bytes.length, Math.floor((from + bytes.length) / 2)]) {
      if (to < from) continue;
      const count = finder.find(bytes, { from, to, first, second });
      assertEquals(
        [...finder.places.subarray(0, count)],
        placesOf(bytes, { from, to, first, second }),
      );
    }
  }));
});

Deno.test("byte finder looks at as many bytes as it says, all of which may be hits", () => {
  const bytes = new Uint8Array(FIND_BYTES_MAX + 1).fill(10);
  const finder = byteFinder();
  const count = finder.find(bytes, { from: 1, to: bytes.length, first: 10, second: 10 });
  assertEquals(count, FIND_BYTES_MAX);
  assertEquals([finder.places[0], finder.places[count - 1]], [2, FIND_BYTES_MAX + 1]);
});

function placesOf(
  bytes: Uint8Array,
  { from, to, first, second }: { from: number; to: number; first: number; second: number },
): number[] {
  const places: number[] = [];
  for (let at = from; at < to; at++) {
    if (bytes[at] === first || bytes[at] === second) places.push(at + 1);
  }
  return places;
}
