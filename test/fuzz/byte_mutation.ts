/** Changes of bytes of which nothing is known. */
import type { Random } from "../crash/random.ts";
import { edgeBytes, edgeU32 } from "./edge.ts";
import { unsigned } from "./leb.ts";

/** What ranges are at the most. */
const RANGE_BYTES_MAX = 64;

/** Flips, sets, takes out, puts in, doubles or moves some of them. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(RANGE_BYTES_MAX));
  const before = bytes.subarray(0, at);
  switch (random.below(8)) {
    case 0:
    case 1:
      return changed(bytes, { at, by: (bytes[at] ?? 0) ^ (1 << random.below(8)) });
    case 2:
      return changed(bytes, { at, by: random.oneOf([0x00, 0x7f, 0x80, 0xff, random.below(256)]) });
    case 3:
      return joined(before, bytes.subarray(end));
    case 4:
      return joined(before, edgeBytes(random, 1 + random.below(8)), bytes.subarray(at));
    case 5:
      return joined(
        before,
        unsigned(edgeU32(random)),
        bytes.subarray(Math.min(bytes.length, at + 1)),
      );
    case 6:
      return joined(bytes.subarray(0, end), bytes.subarray(at));
    default: {
      const from = random.below(bytes.length + 1);
      return joined(before, bytes.subarray(from, from + (end - at)), bytes.subarray(end));
    }
  }
}

function changed(
  bytes: Uint8Array,
  { at, by }: { readonly at: number; readonly by: number },
): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = by;
  return copy;
}

function joined(...pieces: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
