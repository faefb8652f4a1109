/**
 * Numbers as text: their digits are never taken through a double, so that none is lost. Limits are
 * compared digit by digit.
 */
import { FITS, TOO_LARGE, type Verdict, WRONG_TYPE } from "./verdict.ts";

const ZERO = 0x30;
const MINUS = 0x2d;

/** The smallest double that is not subnormal: below it digits get lost. */
const DOUBLE_NORMAL_MIN = 2.2250738585072014e-308;

/** Numbers of up to so many characters and without exponent are kept by every double. */
const DOUBLE_LENGTH_SAFE = 15;

/** Doubles are written in no more characters than these. */
const TEXT_SHORT = 32;

/** One character a byte. */
const latin1 = new TextDecoder("latin1");

/** The largest and the smallest value of an integer type, as digits. */
export interface IntegerLimit {
  readonly positive: Uint8Array;
  readonly negative: Uint8Array;
}

/** Limits of a signed integer of so many bits. */
export function integerLimit(bits: number): IntegerLimit {
  const digits = (n: bigint): Uint8Array => new TextEncoder().encode(n.toString());
  const edge = 1n << BigInt(bits - 1);
  return { positive: digits(edge - 1n), negative: digits(edge) };
}

/**
 * The end of the longest JSON number (RFC 8259, section 6) that begins at `at`; if none does, the
 * complement (`~`) of where it fails.
 */
export function numberEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at < end && bytes[at] === MINUS) at++;
  if (at < end && bytes[at] === ZERO) at++;
  else {
    const digits = digitsEnd(bytes, at, end);
    if (digits === at) return ~at;
    at = digits;
  }
  if (at < end && bytes[at] === 0x2e) {
    const digits = digitsEnd(bytes, at + 1, end);
    if (digits === at + 1) return ~digits;
    at = digits;
  }
  if (at < end && (bytes[at]! | 0x20) === 0x65) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === MINUS)) at++;
    const digits = digitsEnd(bytes, at, end);
    if (digits === at) return ~at;
    at = digits;
  }
  return at;
}

function digitsEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const c = bytes[at]!;
    if (c < ZERO || c > 0x39) break;
    at++;
  }
  return at;
}

/**
 * Whether `bytes[from, to)` is an integer in plain digits (`-?(0|[1-9][0-9]*)`) within the limit;
 * `WRONG_TYPE` if it is not in plain digits, whatever its value.
 */
export function checkPlainInteger(
  bytes: Uint8Array,
  from: number,
  to: number,
  limit: IntegerLimit,
): Verdict {
  const negative = from < to && bytes[from] === MINUS;
  const first = negative ? from + 1 : from;
  const length = to - first;
  if (length === 0 || (length > 1 && bytes[first] === ZERO)) return WRONG_TYPE;
  if (digitsEnd(bytes, first, to) !== to) return WRONG_TYPE;
  const edge = negative ? limit.negative : limit.positive;
  if (length !== edge.length) return length < edge.length ? FITS : TOO_LARGE;
  for (let i = 0; i < length; i++) {
    const digit = bytes[first + i]!;
    if (digit !== edge[i]) return digit < edge[i]! ? FITS : TOO_LARGE;
  }
  return FITS;
}

/** The parts of a number: sign, the digits without leading zeros, and where the point stands. */
export interface NumberParts {
  readonly negative: boolean;
  /** Without leading zeros; empty for zero. */
  readonly digits: string;
  /** The value is `0.digits` times ten to this power. */
  readonly point: number;
}

/** Takes a JSON number apart. Exponents beyond a double's range come out infinite. */
export function numberParts(text: string): NumberParts {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text)!;
  const whole = match[2]! + (match[3] ?? "");
  const digits = whole.replace(/^0+/, "");
  const point = match[2]!.length - (whole.length - digits.length) + Number(match[4] ?? 0);
  return { negative: match[1] === "-", digits, point };
}

/**
 * A JSON number with fraction or exponent as plain digits, if it is integral: `5.0` is 5, `1e3` is
 * 1000. `TOO_LARGE` from 10^19 on, which no integer type holds.
 */
export function integerDigits(text: string): string | Verdict {
  const { negative, digits, point } = numberParts(text);
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  if (significant.length > point) return WRONG_TYPE;
  if (point > 19) return TOO_LARGE;
  return (negative ? "-" : "") + significant.padEnd(point, "0");
}

/**
 * Whether a JSON number fits PostgreSQL's `numeric`: up to 131,072 digits before and 16,383 after
 * the decimal point (manual, table "Numeric Types"). Held for every database alike.
 */
export function checkDecimal(text: string): Verdict {
  const match = /^-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text)!;
  const exponent = Number(match[3] ?? 0);
  const before = match[1]!.length + exponent;
  const after = (match[2]?.length ?? 0) - exponent;
  return before > 131_072 || after > 16_383 ? TOO_LARGE : FITS;
}

/**
 * Whether a JSON number lies within the range of a double, or of a single. What is not zero must not
 * become zero: databases refuse that too.
 */
export function checkFloat(text: string, single: boolean): Verdict {
  const double = Number(text);
  const value = single ? Math.fround(double) : double;
  if (!Number.isFinite(value)) return TOO_LARGE;
  return value === 0 && /^[^eE]*[1-9]/.test(text) ? TOO_LARGE : FITS;
}

/**
 * Whether a double keeps every digit of a JSON number: up to 15 significant ones always, unless it is
 * subnormal (IEEE 754, binary64); else where its shortest text is the same number again.
 */
export function doubleKeeps(text: string): boolean {
  const double = Number(text);
  // As most numbers are written, and seen at once.
  if (String(double) === text) return true;
  const value = Math.abs(double);
  const { digits, point } = numberParts(text);
  if (digits === "") return true;
  if (!Number.isFinite(value) || value === 0) return false;
  if (digits.length <= 15 && value >= DOUBLE_NORMAL_MIN) return true;
  const shortest = numberParts(String(value));
  return shortest.point === point &&
    shortest.digits.replace(/0+$/, "") === digits.replace(/0+$/, "");
}

/** The same of the JSON number in `bytes[from, to)`: short ones are not made a text of. */
export function doubleKeepsBytes(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from <= DOUBLE_LENGTH_SAFE && !hasExponent(bytes, from, to) ||
    doubleKeeps(asciiText(bytes, from, to));
}

function hasExponent(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at]! | 0x20) === 0x65) return true;
  return false;
}

/** A decoder takes longer to begin than a short text is long. */
function asciiText(bytes: Uint8Array, from: number, to: number): string {
  const part = bytes.subarray(from, to);
  if (part.length > TEXT_SHORT) return latin1.decode(part);
  return String.fromCharCode.apply(null, part as unknown as number[]);
}
