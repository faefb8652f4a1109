/** Numbers of about as many digits as doubles have: shortest texts of doubles, and what is beside one. */
import type { Random } from "./differential_random.ts";

/** What kinds there are, each with what makes a number of it. */
export const SHORTEST_KINDS: Readonly<Record<string, (r: Random) => string>> = {
  "shortest text": (r) => String(commonDouble(r)),
  "shortest text without exponent": (r) => plain(String(commonDouble(r, 983, 1122))),
  "shortest text of any double": (r) => String(anyDouble(r)),
  "product of rounded decimals": (r) => String(r.below(1e6) / 100 * (r.below(1000) / 1000)),
  "neighbour in the last digit": (r) => stepped(String(commonDouble(r)), r.pick([-1, 1])),
  "neighbour some digits away": (r) => stepped(String(anyDouble(r)), r.between(-12, 12)),
  "17 digits": (r) => commonDouble(r).toExponential(16),
  "16 digits": (r) => commonDouble(r).toPrecision(16),
  "digits by chance": (r) => `${r.between(1, 9)}.${digits(r, r.between(14, 17))}e${power(r)}`,
  "whole number beyond 2^53": (r) => String(anyWhole(r)) + r.pick(["", ".0", "e0", "0", "00"]),
  "halfway between doubles": (r) => halfway(r),
  "beside a power of two": (r) => String(beside(r, 2 ** r.between(-200, 200))),
  "beside a power of ten": (r) => String(beside(r, Number(`1e${power(r)}`))),
  "beside both, one digit off": (r) =>
    stepped(String(beside(r, r.pick([2 ** r.between(-99, 99), Number(`1e${power(r)}`)]))), 1),
};

const KINDS = Object.values(SHORTEST_KINDS);

/** A number of any of these kinds. */
export function nearlyShortest(r: Random): string {
  return r.pick(KINDS)(r);
}

const view = new DataView(new ArrayBuffer(8));

/** From about 1e-30 to 1e30, of either sign; the limits are those of its exponent's bits. */
function commonDouble(r: Random, least = 923, most = 1122): number {
  return doubleOf((r.bits() & 0x800fffff) | (r.between(least, most) << 20), r.bits());
}

/** Of any size, subnormal ones too. */
function anyDouble(r: Random): number {
  const value = doubleOf(r.bits(), r.bits());
  return Number.isFinite(value) ? value : 0.5;
}

function doubleOf(high: number, low: number): number {
  view.setInt32(0, high);
  view.setInt32(4, low);
  return view.getFloat64(0);
}

/** Some doubles up or down. */
function beside(r: Random, value: number): number {
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(r.between(-2, 2)));
  return view.getFloat64(0);
}

/** From 2^53 up to 2^64. */
function anyWhole(r: Random): bigint {
  const bits = (BigInt(r.bits() >>> 0) << 32n) | BigInt(r.bits() >>> 0);
  return (bits | (1n << 63n)) >> BigInt(r.below(11));
}

/** Exactly between two neighbours, where few digits say so. */
function halfway(r: Random): string {
  const odd = (anyWhole(r) >> 11n) * 2n + 1n;
  const shift = r.between(-4, 4);
  const text = shift < 0 ? String(odd * 5n ** BigInt(-shift)) : String(odd << BigInt(shift));
  return shift < 0 ? `${text}e${shift}` : text;
}

function digits(r: Random, count: number): string {
  return r.letters("0123456789", count);
}

function power(r: Random): number {
  return r.between(-40, 40);
}

/** The digits as a whole number, so many up; the point and the exponent stay where they are. */
function stepped(text: string, step: number): string {
  const [, sign, whole, part, exponent] = /^(-?)(\d+)(?:\.(\d+))?(e.*)?$/.exec(text)!;
  const length = part?.length ?? 0;
  const moved = BigInt(whole! + (part ?? "")) + BigInt(step);
  const padded = String(moved < 0n ? -moved : moved).padStart(length + 1, "0");
  const at = padded.length - length;
  return sign + padded.slice(0, at) + (length > 0 ? "." + padded.slice(at) : "") + (exponent ?? "");
}

/** The same number without an exponent. */
function plain(text: string): string {
  const [, sign, whole, part, exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e(.*))?$/.exec(text)!;
  const places = (part?.length ?? 0) - Number(exponent ?? 0);
  const all = whole! + (part ?? "");
  if (places <= 0) return sign + all + "0".repeat(-places);
  const padded = all.padStart(places + 1, "0");
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
