/** The edges of every type, as data: what a record has, and what is in the table then. */
import type { MadeType } from "../../drivers/conformance_words.ts";

/** What becomes of a value: what is read back, or the code that its row is refused with. */
export type EdgeOutcome = { readonly read: string | null } | { readonly refused: string };

/** One value. */
export interface TypeEdge {
  /** Unique among those of its type. */
  readonly name: string;
  /** As it stands in NDJSON; what it is by `rows()` only where it is left out. */
  readonly json?: string;
  /** As it stands in CSV; what follows from `json` by default, and null where it cannot stand there. */
  readonly csv?: string | null;
  /** As a value of JavaScript; what follows from `json` where that is a plain value. */
  readonly value?: unknown;
  readonly is: EdgeOutcome;
}

type Form = Omit<TypeEdge, "name" | "json" | "is">;

const is = (name: string, json: string, read: string | null = json, form: Form = {}): TypeEdge => ({
  ...{ name, json, is: { read } },
  ...form,
});
const not = (name: string, json: string, refused: string, form: Form = {}): TypeEdge => ({
  ...{ name, json, is: { refused } },
  ...form,
});
const text = (name: string, value: string): TypeEdge => is(name, JSON.stringify(value), value);
const same = (name: string, value: string): TypeEdge => is(name, `"${value}"`, value);
/** A value that only JavaScript has. */
const of = (name: string, value: unknown, read: string): TypeEdge => ({
  name,
  value,
  is: { read },
});

/** What stands in the place of a value that `rows()` cannot be given. */
export const NONE: unique symbol = Symbol("none");

const INSTANT = new Date("2024-02-29T12:34:56.789Z");

/** By type. */
export const TYPE_EDGES: Readonly<Record<MadeType, readonly TypeEdge[]>> = {
  boolean: [
    ...[is("true", "true"), is("false", "false"), is("one", "1", "true"), is("null", "null", null)],
    not("a word", '"maybe"', "type"),
  ],
  int16: [
    ...[is("largest", "32767"), is("smallest", "-32768"), is("null", "null", null)],
    not("too large", "32768", "range"),
  ],
  int32: [
    ...[is("largest", "2147483647"), is("smallest", "-2147483648")],
    not("too large", "2147483648", "range"),
  ],
  int64: [
    is("2^53 + 1", "9007199254740993", "9007199254740993", { value: 9007199254740993n }),
    is("largest", "9223372036854775807", undefined, { value: 2n ** 63n - 1n }),
    is("smallest", "-9223372036854775808", undefined, { value: -(2n ** 63n) }),
    not("2^63", "9223372036854775808", "range", { value: 2n ** 63n }),
    is("with an exponent", "1e3", "1000"),
    ...[not("a fraction", "1.5", "type"), not("true", "true", "type"), is("null", "null", null)],
    not("an empty text", '""', "type"),
  ],
  decimal: [
    is("20 digits", "12345678901234567890.5", undefined, { value: "12345678901234567890.5" }),
    is(
      "39 digits",
      "123456789012345678901234567890.123456789",
      undefined,
      { value: "123456789012345678901234567890.123456789" },
    ),
    is("small", "-0.000000000000000000000001", undefined, { value: "-0.000000000000000000000001" }),
    ...[
      is("zero", "0"),
      is("zeros at the end", "1.10", undefined, { value: "1.10" }),
      is("null", "null", null),
    ],
    not("a word", '"ten"', "type"),
  ],
  float32: [is("a half", "0.5"), is("zero", "0"), is("null", "null", null)],
  float64: [
    ...[is("a tenth", "0.1"), is("1e308", "1e308", "1e+308"), is("smallest", "5e-324")],
    is("largest", "-1.7976931348623157e308", "-1.7976931348623157e+308"),
    is("2^53", "9007199254740992"),
    is("2^53 + 1", "9007199254740993", "9007199254740992"),
    not("1e400", "1e400", "range", { value: "1e400" }),
    not("NaN that is no JSON", "NaN", "malformed", { csv: null, value: NONE }),
    ...[of("NaN", NaN, "NaN"), of("infinite", -Infinity, "-Infinity"), is("null", "null", null)],
  ],
  text: [
    ...[text("empty", ""), text("blank", " "), text("blank behind", "a "), text("quotes", `'"\``)],
    ...[text("backslash", "\\N\\"), text("escapes", "\\. \\t \\x41 \\\\"), text("NULL", "NULL")],
    ...[
      text("tab and lines", "a\tb\r\nc"),
      text("emoji", "👩‍👩‍👧 🐍"),
      text("accents", "é e\u0301 漢字"),
    ],
    text("controls", "\u0001\u0008\u000b\u000c\u001f\u007f\u0085\u2028\u2029\ufeff"),
    text("placeholders", "{table} $1 ? :a @b ; -- /* */"),
    ...[text("1 MB", "ä".repeat(500_000)), is("null", "null", null)],
    not("lone surrogate", '"\\ud800"', "encoding", { csv: null }),
    is("U+0000", '"a\\u0000b"', "a\0b"),
    { name: "a number", csv: "007", is: { read: "007" } },
  ],
  json: [
    is("object", '{"a":[1,null,"x"]}'),
    ...[is("array", "[]"), is("text", '"x"', undefined, { csv: '"""x"""' })],
    is("digits", "12345678901234567890", undefined, { value: NONE }),
    is("U+0000", '["\\u0000"]', '["\\u0000"]'),
    is("nested digits", '{"a":12345678901234567890}', undefined, { value: NONE }),
    is("null", "null", null),
  ],
  bytes: [
    is("bytes", '"\\\\x00ff0a5c"', "00ff0a5c", { value: new Uint8Array([0, 255, 10, 92]) }),
    is("none", '"\\\\x"', "", { value: new Uint8Array(0) }),
    ...[of("a buffer", new ArrayBuffer(2), "0000"), is("null", "null", null)],
    not("another form", '"AP8K"', "type", { value: NONE }),
  ],
  date: [
    ...[same("leap day", "2024-02-29"), same("last", "9999-12-31"), same("old", "1582-10-15")],
    ...[not("no such day", '"2023-02-29"', "range"), is("null", "null", null)],
  ],
  time: [
    ...[same("midnight", "00:00:00"), same("microseconds", "23:59:59.999999")],
    is("null", "null", null),
  ],
  timestamp: [
    same("microseconds", "2024-02-29T12:30:00.000001"),
    ...[same("last", "9999-12-31T23:59:59.999999"), is("null", "null", null)],
  ],
  timestamptz: [
    is("in UTC", '"2024-02-29T12:30:00.5Z"', "2024-02-29T12:30:00.5"),
    is("elsewhere", '"2024-02-29T12:30:00+05:30"', "2024-02-29T07:00:00"),
    of("a Date", INSTANT, "2024-02-29T12:34:56.789"),
    is("null", "null", null),
  ],
  uuid: [
    is(
      "capitals",
      '"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"',
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    ),
    ...[not("no UUID", '"a0eebc99"', "type"), is("null", "null", null)],
  ],
};
