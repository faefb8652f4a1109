/** Damage to records, byte by byte: what a reader has to survive, and to refuse for the same reason. */
import type { Random } from "./differential_random.ts";

/** Bytes at which readers change their mind, and the first and last ones of each length of UTF-8. */
const TELLING = Uint8Array.of(
  ...[
    0x00,
    0x01,
    0x08,
    0x09,
    0x0a,
    0x0d,
    0x1f,
    0x20,
    0x22,
    0x2c,
    0x2d,
    0x2e,
    0x30,
    0x3a,
    0x45,
    0x5b,
  ],
  ...[
    0x5c,
    0x5d,
    0x65,
    0x75,
    0x7b,
    0x7d,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
  ],
  ...[
    0xdf,
    0xe0,
    0xe1,
    0xec,
    0xed,
    0xee,
    0xef,
    0xf0,
    0xf1,
    0xf3,
    0xf4,
    0xf5,
    0xf8,
    0xfe,
    0xff,
    0x22,
  ],
);

/** Sequences that are UTF-8, and such that are none: overlong, surrogates, too large, cut off. */
const SEQUENCES: readonly (readonly number[])[] = [
  ...[[0xc3, 0xa9], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x98, 0x80], [0xef, 0xbb, 0xbf], [0xc0, 0x80]],
  ...[[0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xe0, 0xa0, 0x80], [0xed, 0xa0, 0x80]],
  ...[[0xed, 0xbf, 0xbf], [0xed, 0x9f, 0xbf], [0xee, 0x80, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xc3]],
  ...[[0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x90, 0x80, 0x80], [0xf4, 0x8f, 0xbf, 0xbf], [0xe2, 0x82]],
  ...[[0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xf0, 0x9f, 0x98], [0xf0, 0x9f], [0x80]],
  ...[[0xc3, 0x28], [0xe2, 0x28, 0xa1], [0xe2, 0x82, 0x28], [0xf0, 0x28, 0x8c, 0xbc], [0x80, 0x80]],
];

/** A record with one to four of its places damaged. `donor` is another one, of which bytes may come. */
export function damaged(r: Random, record: Uint8Array, donor: Uint8Array): Uint8Array {
  let bytes = record;
  for (let count = 1 + r.small(3); count > 0; count--) bytes = damagedOnce(r, bytes, donor);
  return bytes;
}

function damagedOnce(r: Random, bytes: Uint8Array, donor: Uint8Array): Uint8Array {
  const at = r.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + r.pick([1, 1, 2, 4, 8, 16, 64]));
  switch (r.below(9)) {
    case 0:
      return changed(bytes, at, (byte) => byte ^ (1 << r.below(8)));
    case 1:
      return changed(bytes, at, () => r.pick(TELLING));
    case 2:
      return spliced(bytes, at, to, []);
    case 3:
      return spliced(bytes, at, at, [r.pick(TELLING)]);
    case 4:
      return spliced(bytes, at, at, r.pick(SEQUENCES));
    case 5:
      return bytes.subarray(0, at);
    case 6:
      return spliced(bytes, at, at, bytes.subarray(at, to));
    case 7: {
      const from = r.below(donor.length + 1);
      return spliced(bytes, at, to, donor.subarray(from, from + r.below(40)));
    }
    default:
      return spliced(bytes, at, to, r.bytes(to - at));
  }
}

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = change(copy[at]!);
  return copy;
}

function spliced(
  bytes: Uint8Array,
  from: number,
  to: number,
  middle: ArrayLike<number>,
): Uint8Array {
  const result = new Uint8Array(bytes.length - (to - from) + middle.length);
  result.set(bytes.subarray(0, from));
  result.set(middle, from);
  result.set(bytes.subarray(to), from + middle.length);
  return result;
}
