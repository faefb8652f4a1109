/**
 * Numbers in PostgreSQL's binary forms, from JSON numbers that a check has found to fit. Like the
 * server's own input functions they keep every digit of a `numeric`, and round to the nearest
 * `float4` once.
 */
import { numberParts } from "./number_text.ts";

/** Sign of a `numeric`, as `numeric_recv` takes it. */
const NUMERIC_NEGATIVE = 0x4000;

/** What stands there for what is no number. */
const NUMERIC_SPECIAL: ReadonlyMap<string, number> = new Map([
  ["NaN", 0xc000],
  ["Infinity", 0xd000],
  ["-Infinity", 0xf000],
]);

/** Decimal digits in one digit of a `numeric`. */
const GROUP = 4;

/**
 * A `numeric`: int16 each how many digits there are in base 10000, the weight of the first one, the
 * sign, and how many decimals are shown; then the digits. As in `numeric_in`, an exponent moves the
 * point and with it the number of decimals, which is never below 0; zero has no sign.
 */
export function numericBytes(text: string): Uint8Array {
  const special = NUMERIC_SPECIAL.get(text);
  if (special !== undefined) return Uint8Array.of(0, 0, 0, 0, special >> 8, 0, 0, 0);
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text)!;
  const fraction = match[3] ?? "";
  const exponent = Number(match[4] ?? 0);
  // Groups are counted from the point: `weight` of them, plus one, stand before it.
  const point = match[2]!.length + exponent;
  let weight = Math.ceil(point / GROUP) - 1;
  const lead = "0".repeat((weight + 1) * GROUP - point);
  const groups = (lead + match[2] + fraction).match(/.{1,4}/g)!.map((group) =>
    Number(group.padEnd(GROUP, "0"))
  );
  const first = groups.findIndex((group) => group !== 0);
  const last = groups.findLastIndex((group) => group !== 0);
  const digits = first < 0 ? [] : groups.slice(first, last + 1);
  weight = first < 0 ? 0 : weight - first;
  const view = new DataView(new ArrayBuffer(8 + 2 * digits.length));
  view.setUint16(0, digits.length);
  view.setInt16(2, weight);
  view.setUint16(4, match[1] === "-" && digits.length > 0 ? NUMERIC_NEGATIVE : 0);
  view.setUint16(6, Math.max(0, fraction.length - exponent));
  digits.forEach((digit, i) => view.setUint16(8 + 2 * i, digit));
  return new Uint8Array(view.buffer);
}

/** A `float8`; of NaN the one that the server makes of its name. */
export function doubleBytes(text: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  if (text === "NaN") view.setUint32(0, 0x7ff8_0000);
  else view.setFloat64(0, Number(text));
  return new Uint8Array(view.buffer);
}

/** A `float4`; of NaN the one that the server makes of its name. */
export function singleBytes(text: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  if (text === "NaN") view.setUint32(0, 0x7fc0_0000);
  else view.setFloat32(0, nearestSingle(text));
  return new Uint8Array(view.buffer);
}

/**
 * The single nearest to a number. Rounding to a double first and to a single then goes wrong in one
 * case: the double lies halfway between two singles, and the number itself does not.
 */
function nearestSingle(text: string): number {
  const double = Number(text);
  const single = Math.fround(double);
  if (single === double || !Number.isFinite(double)) return single;
  const other = neighbour(single, double > single);
  // Exact: both have 24 bits and stand side by side.
  if ((single + other) / 2 !== double) return single;
  const order = compareMagnitude(text, Math.abs(double));
  if (order === 0) return single;
  return (Math.abs(other) > Math.abs(single)) === (order > 0) ? other : single;
}

/** The single next to one that is not zero, upward or downward. */
function neighbour(single: number, upward: boolean): number {
  const floats = Float32Array.of(single);
  const bits = new Int32Array(floats.buffer);
  bits[0]! += upward === (single > 0) ? 1 : -1;
  return floats[0]!;
}

/** Whether the magnitude of a number is below, at or above a double: its sign is -1, 0 or 1. */
function compareMagnitude(text: string, double: number): number {
  const number = numberParts(text);
  const edge = exactParts(double);
  if (number.point !== edge.point) return number.point - edge.point;
  const digits = number.digits.replace(/0+$/, "");
  return digits === edge.digits ? 0 : digits < edge.digits ? -1 : 1;
}

/** Every digit of a positive double: the value is `0.digits` times ten to the power of `point`. */
function exactParts(double: number): { digits: string; point: number } {
  let mantissa = double;
  let halvings = 0;
  for (; !Number.isInteger(mantissa); halvings++) mantissa *= 2;
  // Half of something is five tenths of it.
  const digits = (BigInt(mantissa) * 5n ** BigInt(halvings)).toString();
  return { digits: digits.replace(/0+$/, ""), point: digits.length - halvings };
}
