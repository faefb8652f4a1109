/** How a column of each type is read, so that what is read is the same text for every database. */
import type { ConformanceWords, MadeType } from "../drivers/conformance_words.ts";

/** Columns of a table, by their names. */
export type Columns = Readonly<Record<string, MadeType>>;

/** An expression of SQL, and what is made of its text. */
type Reading = readonly [
  expression: (words: ConformanceWords, column: string) => string,
  normal: (text: string) => string,
];

const trimmed = (value: string) => value.includes(".") ? value.replace(/\.?0+$/, "") : value;
const instant = (value: string) => trimmed(value.replace(" ", "T").replace(/(Z|\+00(:?00)?)$/, ""));
const double: Reading = [
  (words, column) => words.exactDouble(column),
  (value) => String(Number(value.replace(/^([+-]?)inf$/i, "$1Infinity"))),
];
const plain: Reading = [(words, column) => words.textOf(column), String];

const READINGS: Readonly<Record<MadeType, Reading>> = {
  boolean: [
    (_, column) => `CASE WHEN ${column} THEN 'true' WHEN NOT ${column} THEN 'false' END`,
    String,
  ],
  int16: plain,
  int32: plain,
  int64: plain,
  decimal: plain,
  float32: double,
  float64: double,
  text: [
    (words, column) => words.hexOf(column),
    (value) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.fromHex(value)),
  ],
  json: [(words, column) => words.textOf(column), (value) => value.replaceAll(/([:,]) /g, "$1")],
  bytes: [(words, column) => words.hexOfBytes(column), String],
  date: plain,
  time: [(words, column) => words.textOf(column), trimmed],
  timestamp: [(words, column) => words.textOf(column), instant],
  timestamptz: [(words, column) => words.instantOf(column), instant],
  uuid: plain,
};

/** What is selected for these columns, in their order. */
export function selectedOf(words: ConformanceWords, columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type], i) => `${READINGS[type][0](words, words.quote(name))} AS c${i}`).join(", ");
}

/** What was read, in one form for all databases. */
export function normalOf(columns: Columns, row: readonly (string | null)[]): (string | null)[] {
  return Object.values(columns).map((type, i) => {
    const value = row[i] ?? null;
    return value === null ? null : READINGS[type][1](value);
  });
}
