/** Texts of numbers: at every limit, of every length and in every spelling, and what only looks so. */
import type { Random } from "./differential_random.ts";
import { nearlyShortest } from "./differential_shortest.ts";

const DIGITS = "0123456789";

/** Around what limits types or fast paths have: powers of two and of ten, and their neighbours. */
const EDGES: readonly string[] = [
  ...[7, 8, 15, 16, 24, 31, 32, 52, 53, 54, 62, 63, 64, 127, 128].map((bits) => 1n << BigInt(bits)),
  ...Array.from({ length: 24 }, (_, power) => 10n ** BigInt(power)),
].flatMap((edge) => [-2n, -1n, 0n, 1n, 2n].map((step) => String(edge + step)))
  .filter((digits) => !digits.startsWith("-"));

const LIMITS_OF_BITS: Readonly<Record<number, readonly string[]>> = {
  16: ["32766", "32767", "32768", "32769", "65535", "65536"],
  32: ["2147483646", "2147483647", "2147483648", "2147483649", "4294967296"],
  64: [
    ...["9223372036854775806", "9223372036854775807", "9223372036854775808"],
    ...["9223372036854775809", "18446744073709551615", "18446744073709551616"],
  ],
};

/** Doubles and singles at the ends of their ranges, in texts of many digits. */
const FLOAT_EDGES: readonly string[] = [
  ...["1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e308"],
  ...["1e309", "5e-324", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324"],
  ...["2e-324", "1e-400", "0e-400", "0.0e999", "2.2250738585072014e-308", "1e-307", "1e22"],
  ...["2.2250738585072011e-308", "1e23", "9007199254740993", "9007199254740992.5", "8.5e-3"],
  ...["3.4028234663852886e38", "3.4028235677973366e38", "3.4028235677973365e38", "3.5e38"],
  ...["1.1754943508222875e-38", "1.401298464324817e-45", "7.006492321624085e-46", "7e-46"],
  ...["16777217", "16777217.000000001", "16777216.999999999", "0.1", "0.30000000000000004"],
  "340282356779733661637539395458142568447.9",
  "340282356779733661637539395458142568448",
  "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977" +
  "587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845" +
  "817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559" +
  "699508093042880177904174497791",
];

/** What looks like a number to some parser, and is none in JSON. */
const NEARLY: readonly string[] = [
  ...[
    "",
    "-",
    "+1",
    "--1",
    "-+1",
    "01",
    "-01",
    "00",
    "1.",
    ".5",
    "-.5",
    "1.e3",
    "1e",
    "1e+",
    "1e-",
  ],
  ...[
    "1E",
    "1.5.2",
    "1e5.5",
    "1e5e5",
    "0x1F",
    "1_000",
    "1,5",
    "1 ",
    " 1",
    "1\u00a0",
    "\u0661",
    "1n",
  ],
  ...["NaN", "nan", "-NaN", "NAN", "Infinity", "-Infinity", "+Infinity", "infinity", "inf", "-inf"],
  ...[
    "Infinit",
    "Infinityy",
    "-Infinit",
    "1f",
    "0b1",
    "$1",
    "1-",
    "1+1",
    "\uff11",
    "-0-",
    "1/2",
    "1:0",
  ],
  ...["nullnull", "true1", "1true", "0-1", "1..5", "e5", "-e5", ".", "1\u0000", "١٢", "2²"],
];

/** An integer in plain digits: mostly one that fits so many bits, and often one at their limit. */
export function integerText(r: Random, bits: number): string {
  const sign = r.chance(0.3) ? "-" : "";
  switch (r.below(8)) {
    case 0:
      return sign + r.pick(LIMITS_OF_BITS[bits]!);
    case 1:
      return sign + r.pick(EDGES);
    case 2:
      return sign + r.below(10);
    case 3:
      return sign + plainDigits(r, r.between(1, bits === 16 ? 4 : bits === 32 ? 9 : 18));
    case 4:
      return sign + plainDigits(r, r.between(1, 22));
    case 5:
      return String(r.bits() >> r.below(32));
    default:
      return String(r.bits() >> 17);
  }
}

/** An integer with point or exponent, mostly integral: `12e2`, `1200.0`, `0.012E+5`. */
export function respelledInteger(r: Random, bits: number): string {
  const text = integerText(r, bits);
  const negative = text.startsWith("-");
  return (negative ? "-" : "") + respell(r, negative ? text.slice(1) : text);
}

/** Any JSON number. */
export function numberText(r: Random): string {
  const sign = r.chance(0.3) ? "-" : "";
  if (r.chance(0.02)) return r.pick(["-0", "0", "-0.0", "0e0", "-0e5", "0.0"]);
  switch (r.below(13)) {
    case 0:
      return sign + r.pick(FLOAT_EDGES);
    case 1:
      return sign + r.pick(EDGES) + fraction(r, 3);
    case 2:
      return sign + respell(r, plainDigits(r, r.between(1, 30)));
    case 3:
      return doubleText(r, randomDouble(r));
    case 4:
      return doubleText(r, Math.fround(randomSingle(r)));
    case 5:
      return sign + halfwayText(r);
    case 6:
      return sign + plainDigits(r, r.between(1, 400)) + fraction(r, 400) + exponent(r, 420);
    case 7:
      return sign + plainDigits(r, r.between(1, 20)) + fraction(r, 20) + exponent(r, 30);
    case 8:
      return sign + "0" + fraction(r, 40) + exponent(r, 330);
    case 9:
      return nearlyShortest(r);
    default:
      return sign + plainDigits(r, r.between(1, 9)) + fraction(r, 9);
  }
}

/** A number at a limit of `numeric`: 131,072 digits before the point, 16,383 after it. */
export function hugeDecimalText(r: Random): string {
  const sign = r.chance(0.3) ? "-" : "";
  switch (r.below(5)) {
    case 0:
      return `${sign}${r.between(1, 99)}e${r.between(131_068, 131_073)}`;
    case 1:
      return `${sign}1.${"5".repeat(r.between(1, 4))}e-${r.between(16_378, 16_384)}`;
    case 2:
      return sign + "7".repeat(r.between(15_990, 16_010)) + fraction(r, 5);
    case 3:
      return `${sign}0.${"3".repeat(r.between(16_378, 16_386))}`;
    default:
      return sign + "9".repeat(r.between(131_070, 131_074));
  }
}

/** Something that is nearly a number. */
export function nearlyNumber(r: Random): string {
  return r.pick(NEARLY);
}

/** So many digits, the first of which is no zero unless it is the only one. */
function plainDigits(r: Random, count: number): string {
  if (count === 1) return r.pick(DIGITS);
  return r.between(1, 9) + (r.chance(0.1) ? "0" : "") + r.letters(DIGITS, count - 1);
}

function fraction(r: Random, digitsMax: number): string {
  return r.chance(0.4)
    ? ""
    : "." + r.letters(r.chance(0.2) ? "0" : DIGITS, r.between(1, digitsMax));
}

function exponent(r: Random, max: number): string {
  if (r.chance(0.4)) return "";
  const zeros = r.chance(0.1) ? "0".repeat(r.between(1, 20)) : "";
  return r.pick(["e", "E"]) + r.pick(["", "+", "-"]) + zeros + r.below(max);
}

/** The same value (or, now and then, one that is not integral) with its point elsewhere. */
function respell(r: Random, digits: string): string {
  const shift = r.between(-24, 24);
  const zeros = r.chance(0.4) ? "0".repeat(r.between(1, 6)) : "";
  let whole = digits;
  let part = zeros;
  if (shift > 0) {
    const padded = digits.padStart(shift + 1, "0");
    whole = padded.slice(0, -shift);
    part = padded.slice(-shift) + zeros;
  } else if (digits !== "0") {
    whole = digits + "0".repeat(-shift);
  }
  const mantissa = part === "" ? whole : `${whole}.${part}`;
  const power = r.chance(0.03) ? shift - 1 : shift;
  if (power === 0 && r.chance(0.8)) return mantissa;
  const sign = power < 0 ? "-" : r.pick(["", "+"]);
  const zero = r.chance(0.1) ? "000" : "";
  return mantissa + r.pick(["e", "E"]) + sign + zero + Math.abs(power);
}

const view = new DataView(new ArrayBuffer(8));

/** A double of any bits; never NaN, never infinite. */
export function randomDouble(r: Random): number {
  const high = r.chance(0.5) ? r.bits() : (r.bits() & 0x800fffff) | (r.between(960, 1090) << 20);
  view.setInt32(0, high);
  view.setInt32(4, r.bits());
  const value = view.getFloat64(0);
  return Number.isFinite(value) ? value : 0.5;
}

function randomSingle(r: Random): number {
  view.setInt32(0, r.bits());
  const value = view.getFloat32(0);
  return Number.isFinite(value) ? value : 0.5;
}

function doubleText(r: Random, value: number): string {
  switch (r.below(5)) {
    case 0:
      return value.toPrecision(r.between(1, 25));
    case 1:
      return value.toExponential(r.between(0, 25));
    case 2:
      return Math.abs(value) < 1e21 ? value.toFixed(r.between(0, 30)) : String(value);
    case 3:
      return Object.is(value, -0) ? "-0" : String(value).replace("e", "E");
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

/** Exactly between two doubles or two singles that are neighbours, or a breath beside that. */
function halfwayText(r: Random): string {
  const single = r.chance(0.5);
  const bits = single ? 24 : 53;
  const mantissa = (BigInt.asUintN(64, (BigInt(r.bits() >>> 0) << 32n) | BigInt(r.bits() >>> 0)) >>
    BigInt(64 - bits)) | (1n << BigInt(bits - 1));
  const power = r.chance(0.8) ? r.between(-80, 40) : r.between(single ? -150 : -1075, 100);
  const odd = 2n * mantissa + 1n;
  const digits = power >= 0 ? String(odd << BigInt(power)) : String(odd * 5n ** BigInt(-power));
  const text = power >= 0 ? digits : pointed(digits, -power);
  return r.chance(0.5)
    ? text
    : text + (text.includes(".") ? "" : ".") + "0".repeat(r.below(30)) + "1";
}

function pointed(digits: string, places: number): string {
  const padded = digits.padStart(places + 1, "0");
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
