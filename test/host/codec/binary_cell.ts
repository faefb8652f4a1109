import fc from "fast-check";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { WireType } from "../../../host/codec/codec.ts";

/** What a test needs to know of a wire type. */
export interface WireCells {
  /** The logical type of its columns. */
  readonly type: ColumnType;
  /** Values at the edges of the type, and of its forms. */
  readonly extremes: readonly string[];
  readonly random: fc.Arbitrary<string>;
}

const quoted = (text: string): string => JSON.stringify(text);
const pad = (n: number, width: number): string => String(n).padStart(width, "0");

function integers(bits: number): Pick<WireCells, "extremes" | "random"> {
  const edge = 1n << BigInt(bits - 1);
  const all = fc.bigInt({ min: -edge, max: edge - 1n });
  const short = fc.bigInt({ min: -200n, max: 200n });
  return {
    extremes: ["0", "-0", "1", "-1", "1.0", "120e-1", '"7"', String(edge - 1n), String(-edge)],
    random: fc.oneof(all, short).map(String),
  };
}

const digits = (lengthMax: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0000123456789"), minLength: 1, maxLength: lengthMax });

/** Any JSON number: leading and trailing zeros, and exponents in every spelling. */
function number(
  digitsMax: number,
  exponent: { readonly min: number; readonly max: number },
): fc.Arbitrary<string> {
  return fc.tuple(
    fc.constantFrom("", "-"),
    digits(digitsMax),
    fc.option(digits(digitsMax), { nil: "" }),
    fc.option(fc.tuple(fc.constantFrom("e", "E", "e+"), fc.integer(exponent)), {
      nil: undefined,
      freq: 2,
    }),
  ).map(([sign, whole, fraction, power]) => {
    const plain = sign + (whole.replace(/^0+/, "") || "0") + (fraction && `.${fraction}`);
    return power ? plain + `${power[0]}${power[1]}`.replace("+-", "-") : plain;
  });
}

/** Every bit pattern of a finite double that is not too small for the type. */
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const spelled = (n: number): string => Object.is(n, -0) ? "-0" : String(n);

/** The 17 digits and more of a double, or of a number right beside it. */
const longDouble = fc.tuple(double, fc.integer({ min: 16, max: 40 })).map(([n, length]) =>
  n.toPrecision(length)
).filter((digits) => Number.isFinite(Number(digits)));

/** What lies halfway between two singles, and what lies a hair beside that. */
const nearHalfway = fc.tuple(
  fc.integer({ min: 1, max: 0x7f7f_fffe }),
  fc.constantFrom("exact", "above", "below"),
  fc.boolean(),
).map(([bits, side, negative]) => {
  const [low, high] = new Float32Array(Uint32Array.of(bits, bits + 1).buffer);
  const exact = decimalOf((low! + high!) / 2);
  const digits = side === "exact"
    ? exact
    : side === "above"
    ? `${exact}${exact.includes(".") ? "" : "."}00000001`
    : justBelow(exact);
  return (negative ? "-" : "") + digits;
});

/** Every digit of a positive double without exponent. */
function decimalOf(value: number): string {
  let whole = value;
  let halvings = 0;
  for (; !Number.isInteger(whole); halvings++) whole *= 2;
  const digits = (BigInt(whole) * 5n ** BigInt(halvings)).toString().padStart(halvings + 1, "0");
  const point = digits.length - halvings;
  return halvings === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A number a little below one that has no exponent. */
function justBelow(exact: string): string {
  const [whole, fraction = ""] = exact.split(".");
  const scaled = (BigInt(whole! + fraction) * 100n - 1n).toString();
  const places = fraction.length + 2;
  const digits = scaled.padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const FLOATS = ["0", "-0", "0.0", "-0e5", "1e0", "0.1", '"NaN"', '"Infinity"', '"-Infinity"'];

const date = fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.nat(11), fc.nat(30)).map(
  ([year, month, day]) => {
    const last = new Date(Date.UTC(2000 + year % 400, month + 1, 0)).getUTCDate();
    return `${pad(year, 4)}-${pad(month + 1, 2)}-${pad(1 + day % last, 2)}`;
  },
);
const fraction = fc.oneof(
  fc.constant(""),
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 6 })
    .map((f) => `.${f}`),
  fc.nat(999_999).map((f) => `.${pad(f, 6)}000`),
);
const time = fc.tuple(fc.nat(23), fc.nat(59), fc.option(fc.nat(59), { nil: undefined }), fraction)
  .map(([hour, minute, second, part]) =>
    `${pad(hour, 2)}:${pad(minute, 2)}` + (second === undefined ? "" : `:${pad(second, 2)}${part}`)
  );
const timestamp = fc.tuple(date, fc.constantFrom("T", " "), time).map((parts) => parts.join(""));
const offset = fc.oneof(
  fc.constant("Z"),
  fc.tuple(
    fc.constantFrom("+", "-"),
    fc.nat(15),
    fc.option(fc.tuple(fc.constantFrom("", ":"), fc.nat(59)), { nil: undefined }),
  ).map(([sign, hour, rest]) => sign + pad(hour, 2) + (rest ? rest[0] + pad(rest[1], 2) : "")),
);

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...'\\"/\t\n\r\b\f\v\u0001\u007f\ufeffNaé€😀'),
    maxLength: 40,
  }),
);
const json = fc.jsonValue().filter((value) => value !== null)
  .map((value) => JSON.stringify(value)).filter((source) => !source.includes("\\u0000"));

/**
 * Cells for every type that has a binary form, as JSON: extreme ones, and random ones. Without
 * U+0000, which the server takes in no text.
 */
export const WIRE_CELLS: Readonly<Record<WireType, WireCells>> = {
  bool: {
    type: "boolean",
    extremes: ["true", "false", "0", "1", '"T"', '"false"'],
    random: fc.boolean().map(String),
  },
  int2: { type: "int16", ...integers(16) },
  int4: { type: "int32", ...integers(32) },
  int8: { type: "int64", ...integers(64) },
  numeric: {
    type: "decimal",
    extremes: [
      ...["0", "-0", "0.0", "-0.000", "0e5", "0.00e3", "0e-16383", "1", "-1", "9999", "10000"],
      ...["99999999", "100000000", "0.0001", "0.00001", "1.10e1", "1.10e-1", "12e3", "12345e-3"],
      ...["1e4", "1e-4", "1e16", "123456789.987654321", "0.10000", '"1.50"', "9007199254740993"],
      ...["1e131071", "9.5e131071", "1e-16383", `${"9".repeat(131_072)}.${"9".repeat(16_383)}`],
      ...[`0.${"0".repeat(16_382)}1`, `1${"0".repeat(20_000)}`, "10".repeat(40), "-100020003000e2"],
    ],
    random: fc.oneof(
      number(6, { min: -8, max: 8 }),
      number(40, { min: -60, max: 60 }),
      fc.integer().map((n) => (n / 100).toFixed(2)),
    ),
  },
  float4: {
    type: "float32",
    extremes: [
      ...FLOATS,
      ...["3.4028234663852886e38", "3.402823567797336e38", "-3.4028234663852886e38"],
      ...["1.1754943508222875e-38", "1.401298464324817e-45", "7.1e-46", "1e-45", "16777217"],
      ...[
        "1.0000000596046447",
        "1.00000005960464477539062500000000000001",
        "1.000000059604644775390625",
      ],
      ...[
        "1.00000017881393432617187499999999999999",
        `1.000000059604644775390625${"0".repeat(900)}1`,
      ],
    ],
    random: fc.oneof(
      nearHalfway,
      fc.float({ noNaN: true, noDefaultInfinity: true }).map(spelled),
      number(12, { min: -20, max: 20 }),
      number(20, { min: -10, max: 8 }),
    ),
  },
  float8: {
    type: "float64",
    extremes: [
      ...FLOATS,
      ...["1.7976931348623157e308", "1.7976931348623158e308", "-1.7976931348623157e308", "5e-324"],
      ...[
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "4.9406564584124654e-324",
        "2.5e-324",
      ],
      ...["9007199254740993", "9007199254740993.00000000000000000000001", "1e22", "1e23", "1e-22"],
      ...["123456789012345678", "8.5e15", "0.3", `0.${"3".repeat(500)}`, `1${"0".repeat(300)}`],
      ...[
        "9007199254740991e22",
        "9007199254740992e-22",
        "1e-307",
        "123e-310",
        "7.2057594037927933e16",
      ],
    ],
    random: fc.oneof(
      double.map(spelled),
      longDouble,
      fc.integer().map((n) => (n / 1000).toString()),
      number(20, { min: -30, max: 30 }),
      number(19, { min: -290, max: 280 }),
    ),
  },
  text: {
    type: "text",
    extremes: [
      '""',
      '"\\\\N"',
      '"\\\\."',
      '"a\\tb\\n"',
      '"\\u00e9\\ud83d\\ude00"',
      "12",
      '{"a": 1}',
    ],
    random: text.map(quoted),
  },
  json: { type: "json", extremes: ["{}", "[1, 2 ]", '"x"', "1e2", '{"a":"\\n"}'], random: json },
  jsonb: { type: "json", extremes: ["{}", "[1, 2 ]", '"x"', "1e2", '{"a":"\\n"}'], random: json },
  bytea: {
    type: "bytes",
    extremes: ['""', '"\\\\x"', '"\\\\x00"', '"\\\\x0001FF"', '"\\u005cxffef"'],
    random: fc.uint8Array({ maxLength: 50 }).map((bytes) => quoted(`\\x${bytes.toHex()}`)),
  },
  date: {
    type: "date",
    extremes: [
      ...["0001-01-01", "9999-12-31", "2000-01-01", "1999-12-31", "2000-02-29", "1900-02-28"],
      ...["1900-03-01", "2024-02-29", "1600-02-29", "0004-02-29", "1970-01-01"],
    ].map(quoted),
    random: date.map(quoted),
  },
  time: {
    type: "time",
    extremes: ["00:00", "23:59:59.999999", "12:34:56.7", "00:00:00.000001000"].map(quoted),
    random: time.map(quoted),
  },
  timestamp: {
    type: "timestamp",
    extremes: [
      ...["0001-01-01T00:00", "9999-12-31 23:59:59.999999", "1999-12-31T23:59:59.999999"],
      ...["2000-01-01 00:00:00", "2024-02-29T12:00:00.1"],
    ].map(quoted),
    random: timestamp.map(quoted),
  },
  timestamptz: {
    type: "timestamptz",
    extremes: [
      ...["0001-01-01T00:00+15:59", "9999-12-31 23:59:59.999999-1559", "2000-01-01T00:00Z"],
      ...["1999-12-31T23:59:59.999999+00", "2024-02-29T12:00:00.1-08:30"],
    ].map(quoted),
    random: fc.tuple(timestamp, offset).map((parts) => quoted(parts.join(""))),
  },
  uuid: {
    type: "uuid",
    extremes: [
      ...["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
      ...["01234567-89AB-CDEF-abcd-EF0123456789"],
    ].map(quoted),
    random: fc.tuple(fc.uuid(), fc.boolean()).map(([uuid, upper]) =>
      quoted(upper ? uuid.toUpperCase() : uuid)
    ),
  },
};
