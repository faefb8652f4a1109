/** The edges of every type, as data: what a record has, and what is in the table then. */
import type { FamilySql, MadeType } from "../families/family.ts";

/** One value. */
export interface TypeCase {
  /** Unique among those of its type. */
  readonly name: string;
  /** As it stands in NDJSON. */
  readonly json: string;
  /** What is read back, in the form of {@linkcode READ}; or the code that the row is refused with. */
  readonly is: { readonly read: string | null } | { readonly refused: string };
}

const is = (name: string, json: string, read: string | null = json): TypeCase => ({
  name,
  json,
  is: { read },
});
const not = (name: string, json: string, refused: string): TypeCase => ({
  name,
  json,
  is: { refused },
});
const text = (name: string, value: string): TypeCase => is(name, JSON.stringify(value), value);
const same = (name: string, value: string): TypeCase => is(name, `"${value}"`, value);

/** By type. Every type has null, which is not repeated. */
export const TYPE_CASES: Readonly<Record<MadeType, readonly TypeCase[]>> = {
  boolean: [
    ...[is("true", "true"), is("false", "false")],
    is("one", "1", "true"),
  ],
  int16: [is("largest", "32767"), is("smallest", "-32768"), not("too large", "32768", "range")],
  int32: [
    ...[is("largest", "2147483647"), is("smallest", "-2147483648")],
    not("too large", "2147483648", "range"),
  ],
  int64: [
    ...[is("2^53 + 1", "9007199254740993"), is("largest", "9223372036854775807")],
    ...[is("smallest", "-9223372036854775808"), not("2^63", "9223372036854775808", "range")],
    ...[is("with an exponent", "1e3", "1000"), not("a fraction", "1.5", "type")],
  ],
  decimal: [
    is("30 digits", "123456789012345678901234567890.123456789"),
    is("small", "-0.000000000000000000000001"),
    is("zero", "0"),
  ],
  float32: [is("a half", "0.5"), is("zero", "0")],
  float64: [
    ...[is("a tenth", "0.1"), is("1e308", "1e308", "1e+308"), is("smallest", "5e-324")],
    ...[is("2^53", "9007199254740992"), is("2^53 + 1", "9007199254740993", "9007199254740992")],
  ],
  text: [
    ...[text("empty", ""), text("blank", " "), text("blank behind", "a "), text("quotes", `'"\``)],
    ...[text("backslash", "\\N\\"), text("tab and lines", "a\tb\r\nc"), text("emoji", "😀")],
    text("1 MB", "ä".repeat(500_000)),
    not("lone surrogate", '"\\ud800"', "encoding"),
  ],
  json: [
    ...[is("object", '{"a":[1,null,"x"]}'), is("array", "[]"), is("text", '"x"')],
    is("digits", "12345678901234567890"),
  ],
  bytes: [is("bytes", '"\\\\x00ff0a"', "00ff0a"), is("none", '"\\\\x"', "")],
  date: [
    ...[same("leap day", "2024-02-29"), same("last", "9999-12-31"), same("old", "1582-10-15")],
    not("no such day", '"2023-02-29"', "range"),
  ],
  time: [same("midnight", "00:00:00"), same("microseconds", "23:59:59.999999")],
  timestamp: [
    same("microseconds", "2024-02-29T12:30:00.000001"),
    same("last", "9999-12-31T23:59:59.999999"),
  ],
  timestamptz: [
    is("in UTC", '"2024-02-29T12:30:00.5Z"', "2024-02-29T12:30:00.5"),
    is("elsewhere", '"2024-02-29T12:30:00+05:30"', "2024-02-29T07:00:00"),
  ],
  uuid: [
    is(
      "capitals",
      '"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"',
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    ),
    not("no UUID", '"a0eebc99"', "type"),
  ],
};

const trimmed = (value: string) => value.includes(".") ? value.replace(/\.?0+$/, "") : value;
const instant = (value: string) => trimmed(value.replace(" ", "T").replace(/(Z|\+00(:?00)?)$/, ""));

/** How a column of each type is read, as SQL and then as text that is the same for every family. */
export const READ: Readonly<
  Record<MadeType, readonly [sql: (sql: FamilySql, name: string) => string, (v: string) => string]>
> = {
  boolean: [
    (_, name) => `CASE WHEN ${name} THEN 'true' WHEN NOT ${name} THEN 'false' END`,
    String,
  ],
  int16: [(sql, name) => sql.textOf(name), String],
  int32: [(sql, name) => sql.textOf(name), String],
  int64: [(sql, name) => sql.textOf(name), String],
  decimal: [(sql, name) => sql.textOf(name), trimmed],
  float32: [(sql, name) => sql.exactDouble(name), (value) => String(Number(value))],
  float64: [(sql, name) => sql.exactDouble(name), (value) => String(Number(value))],
  text: [
    (sql, name) => sql.hexOf(name),
    (value) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.fromHex(value)),
  ],
  json: [(sql, name) => sql.textOf(name), (value) => value.replaceAll(/([:,]) /g, "$1")],
  bytes: [(sql, name) => sql.hexOfBytes(name), String],
  date: [(sql, name) => sql.textOf(name), String],
  time: [(sql, name) => sql.textOf(name), trimmed],
  timestamp: [(sql, name) => sql.textOf(name), instant],
  timestamptz: [(sql, name) => sql.instantOf(name), instant],
  uuid: [(sql, name) => sql.textOf(name), String],
};
