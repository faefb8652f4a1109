import { assertEquals } from "@std/assert";
import type { LedgerBatch } from "../../../src/model/backend.ts";
import { LeftOut } from "../../../src/load/left_out.ts";

function batch(
  part: string,
  [byteOffset, byteEnd]: readonly [number, number],
  { rejected = 0, leftOut }: { rejected?: number; leftOut?: readonly number[] } = {},
): LedgerBatch {
  const counts = { read: 10, committed: 10 - rejected, superseded: 0, rejected };
  const known = { sequence: 7, part, byteOffset, byteEnd, contentHash: "", counts };
  return leftOut ? { ...known, leftOut } : known;
}

Deno.test("left out rows are told by part and byte, whatever number their batches have", () => {
  const rows = new LeftOut([
    batch("b", [0, 50]),
    batch("a", [100, 200], { rejected: 2, leftOut: [100, 140] }),
    batch("a", [0, 100]),
    batch("a", [300, 400], { rejected: 1 }),
  ]);
  const fates = (part: string, bytes: number[]) => bytes.map((byte) => rows.of(part, byte));
  assertEquals(fates("a", [0, 99]), ["in", "in"]);
  assertEquals(fates("a", [100, 120, 140, 199]), ["left_out", "in", "left_out", "in"]);
  assertEquals(fates("a", [200, 299, 400]), ["open", "open", "open"]);
  assertEquals(fates("a", [300, 350]), ["unknown", "unknown"]);
  assertEquals(fates("b", [0, 49, 50, 100]), ["in", "in", "open", "open"]);
  assertEquals(fates("c", [0]), ["open"]);
});
