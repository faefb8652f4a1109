/** Values at which programs go wrong. */
import type { Random } from "../crash/random.ts";

const U32: readonly number[] = [
  ...[0, 1, 2, 3, 4, 7, 8, 15, 16, 63, 64, 127, 128, 255, 256, 1_023, 1_024, 4_095, 32_767],
  ...[0x8000, 0xffff, 0x1_0000, 0xf_ffff, 0x10_0000, 0x100_0000, 0x7fff_ffff, 0x8000_0000],
  ...[0xffff_fffe, 0xffff_ffff],
];
const I64: readonly bigint[] = [
  ...U32.map((value) => BigInt(value)),
  ...[0x1_0000_0000n, 0x1_0000_0001n, 0x7fff_ffff_ffff_ffffn, 0x8000_0000_0000_0000n],
  // Extism's handles are offsets that begin behind 2^48 blocks of its kernel's own.
  ...[0xffff_ffff_ffffn, 0x1_0000_0000_0000n, 0x2_0000_0000_0000n],
];

/** A number of 32 bits without a sign. */
export function edgeU32(random: Random): number {
  const { draw, small } = shares(random);
  if (draw < 0.4) return small;
  return draw < 0.9 ? random.oneOf(U32) : random.below(2 ** 32);
}

/** A number of 32 bits with a sign. */
export function edgeI32(random: Random): bigint {
  return BigInt.asIntN(32, BigInt(edgeU32(random)) * (random.below(3) === 0 ? -1n : 1n));
}

/** A number of 64 bits with a sign. */
export function edgeI64(random: Random): bigint {
  const { draw, small } = shares(random);
  const value = draw < 0.4 ? BigInt(small) : random.oneOf(I64);
  return BigInt.asIntN(64, random.below(3) === 0 ? -value : value);
}

/** So many bytes; often all of them alike. */
export function edgeBytes(random: Random, length: number): number[] {
  const fill = random.oneOf([0x00, 0x7f, 0x80, 0xff, undefined]);
  return Array.from({ length }, () => fill ?? random.below(256));
}

function shares(random: Random): { readonly draw: number; readonly small: number } {
  return { draw: random.next(), small: random.below(8) };
}
