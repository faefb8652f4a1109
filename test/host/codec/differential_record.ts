/** Records in NDJSON and in CSV, in every spelling that the formats have, and in some that they lack. */
import type { Column, RecordFormat } from "../../../src/model/batch.ts";
import type { Random } from "./differential_random.ts";
import { nearlyName } from "./differential_shape.ts";
import { jsonString, space } from "./differential_text.ts";
import { type Value, valueFor, type ValueStyle } from "./differential_value.ts";

/** The CSV of {@linkcode RecordFormat}. */
export type CsvFormat = Extract<RecordFormat, { kind: "csv" }>;

/** How the records of one batch are written. */
export interface RecordStyle extends ValueStyle {
  /** How often a field is missing, and how often it is NULL. */
  readonly missing: number;
  /** How often a key or field is there twice, unknown, or escaped without need. */
  readonly strange: number;
  /** Whether the order of keys changes from record to record. */
  readonly shuffled: boolean;
  /** How often CSV puts a field in quotes that needs none. */
  readonly quoted: number;
  /** What ends a record. */
  readonly lineEnd: string;
}

const LINE_ENDS = ["\n", "\n", "\n", "\r\n", "\n\n\n", "", "\r", "\n\r\n\n"];
/** Ends that NDJSON, CSV or both do not take. */
const ODD_ENDS = [
  "\r\r",
  "\r\r\n",
  "\n\r",
  "\r\n\r",
  "\n\u0000",
  "\u0000",
  "\n \t\r\n",
  " \n",
  "\t",
  "\n\u00a0\n",
];

/** A style for one batch: mostly a tame one, since a row has room for one fault only. */
export function recordStyle(r: Random, columns: number): RecordStyle {
  const wild = r.pick([0, 0, 0.01, 0.05, 0.3]);
  return {
    edge: r.pick([0, 0.3 / columns, 1 / columns, 1]),
    wrong: r.chance(0.5) ? wild : 0,
    missing: r.pick([0, 0.02, 0.02, 0.1, 0.5]),
    strange: r.chance(0.5) ? wild : 0,
    space: r.pick([0, 0, 0.05, 0.5]),
    oddity: r.pick([0, 0.02, 0.1, 0.5]),
    shuffled: r.chance(0.3),
    quoted: r.pick([0, 0, 0.1, 0.5, 1]),
    lineEnd: r.chance(0.95) ? r.pick(LINE_ENDS) : r.pick(ODD_ENDS),
  };
}

/**
 * Records as most sources have them. Between others they give a fast path that gives up on odd ones
 * the occasion to come back.
 */
export const CALM: RecordStyle = {
  edge: 0,
  wrong: 0,
  missing: 0,
  strange: 0,
  space: 0,
  oddity: 0,
  shuffled: false,
  quoted: 0,
  lineEnd: "\n",
};

/** One NDJSON record of the columns, with its line end. */
export function jsonRecord(r: Random, columns: readonly Column[], style: RecordStyle): string {
  const order = style.shuffled ? r.order(columns.length) : undefined;
  const members: string[] = [];
  for (let i = 0; i < columns.length; i++) {
    const column = columns[order?.[i] ?? i]!;
    if (r.chance(style.missing / 2)) continue;
    members.push(jsonMember(r, column.name, style, jsonValue(r, column, style)));
    if (style.strange > 0 && r.chance(style.strange)) strange(r, columns, style, members);
  }
  const end = lineEnd(r, style);
  const edge = space(r, style);
  return `${edge}{${members.join(",") || edge}}${space(r, style)}${end}`;
}

function jsonValue(r: Random, column: Column, style: RecordStyle): string {
  if (r.chance(style.missing / 2)) return "null";
  const { text, quoted } = valueFor(r, column.type, style);
  return quoted ? jsonString(r, text, style.oddity) : text;
}

function jsonMember(r: Random, name: string, style: RecordStyle, value: string): string {
  const key = style.strange > 0 && r.chance(style.strange)
    ? jsonString(r, name, 1)
    : JSON.stringify(name);
  if (style.space === 0) return `${key}:${value}`;
  return `${space(r, style)}${key}${space(r, style)}:${space(r, style)}${value}${space(r, style)}`;
}

/** Adds a member that is not like the others: unknown, there for the second time, or broken. */
function strange(
  r: Random,
  columns: readonly Column[],
  style: RecordStyle,
  members: string[],
): void {
  const column = r.pick(columns);
  const value = jsonValue(r, column, style);
  if (r.chance(0.6)) members.push(jsonMember(r, column.name, style, value));
  else if (r.chance(0.3)) {
    members.push(jsonMember(r, nearlyName(r, columns.map((c) => c.name)), style, value));
  } else if (r.chance(0.2)) {
    members.push(r.pick(["", '"a"', ":1", "a:1", '"a":', '"a" 1', "}", '"b":1}']));
  }
}

const DELIMITERS = [",", ",", ",", ";", "\t", "|", " ", "a", "\\", "0", ":", "~", "-", "'"];
const NULL_TEXTS = [
  "",
  "",
  "",
  "\\N",
  "NULL",
  "null",
  "0",
  "é",
  "a null text of more than sixteen bytes",
];

/** A format whose header has the columns, mostly in their order. */
export function csvFormatFor(r: Random, columns: readonly Column[]): CsvFormat {
  const names = columns.map((column) => column.name);
  const header = r.chance(0.3) ? r.order(names.length).map((i) => names[i]!) : names.slice();
  if (r.chance(0.1)) header.splice(r.below(header.length), header.length > 1 ? 1 : 0);
  if (r.chance(0.05)) header.push(r.pick(header));
  if (r.chance(0.02)) header.push(nearlyName(r, names));
  const delimiter = r.pick(DELIMITERS);
  const nullText = r.pick(NULL_TEXTS);
  return { kind: "csv", delimiter, header, nullText: nullText.includes(delimiter) ? "" : nullText };
}

/** One CSV record for the header of a format, with its line end. */
export function csvRecord(
  r: Random,
  columns: readonly Column[],
  format: CsvFormat,
  style: RecordStyle,
): string {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const fields = format.header.map((name) => {
    const column = byName.get(name) ?? columns[0]!;
    if (r.chance(style.missing)) return format.nullText;
    return csvField(r, valueFor(r, column.type, style), format, style);
  });
  if (style.strange > 0 && r.chance(style.strange)) {
    if (r.chance(0.5)) fields.push(r.pick(["", "1", '""']));
    else fields.pop();
  }
  return fields.join(format.delimiter) + lineEnd(r, style);
}

/** What ends one record: now and then not what ends the others. */
function lineEnd(r: Random, style: RecordStyle): string {
  if (!r.chance(0.01)) return style.lineEnd;
  return r.pick([...LINE_ENDS, ...ODD_ENDS]);
}

function csvField(r: Random, value: Value, format: CsvFormat, style: RecordStyle): string {
  const { text } = value;
  const needed = text === format.nullText || text.includes(format.delimiter) ||
    /["\r\n]/.test(text);
  if (style.oddity > 0 && r.chance(style.oddity / 20)) return oddField(r, text);
  if (!needed && !r.chance(style.quoted)) return text;
  return `"${text.replaceAll('"', '""')}"`;
}

function oddField(r: Random, text: string): string {
  const at = r.below(text.length + 1);
  const inside = text.slice(0, at) + r.pick(['"', '""', "\r", "\n", "\r\n", "\u0000", "é"]) +
    text.slice(at);
  return r.pick([
    text,
    inside,
    `"${inside}"`,
    `"${text}" `,
    ` "${text}"`,
    `"${text}`,
    `${text}"`,
    '"""',
    '""""',
  ]);
}
