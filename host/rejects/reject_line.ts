/** One line of a file of rejects: a row that was left out, where it stood, and why. */
import * as v from "valibot";
import type { RecordFormat, RejectedRow } from "../../src/model/batch.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { KIND_MASK, OBJECT } from "../codec/reference/cell_span.ts";
import { JsonRecordReader } from "../codec/reference/json_record.ts";
import { readHead } from "./reject_head.ts";
import { csvRecordOf, csvRowJson, type WrittenRecord } from "./csv_row.ts";

const OBJECT_START = 0x7b;

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** All of a line but its row. People may write more into it, which stays. */
const LineSchema = v.looseObject({
  /** Id of the load row. */
  load: v.pipe(v.string(), v.minLength(1)),
  /** Number of the batch within the load. */
  batch: Whole,
  /** The file, or what else the part of the source is called. */
  source: v.string(),
  /** Number of the row within the load, from 0. */
  ordinal: Whole,
  /** The line at which it starts, from 1. */
  line: v.pipe(Whole, v.minValue(1)),
  /** Where it starts within its part, in (decompressed) bytes. Lines of earlier versions lack it. */
  byte: v.optional(Whole),
  /** Which run of the load has left it out. Absent where its ledger does not tell one from another. */
  run: v.optional(v.string()),
  /** How often it was tried. */
  attempt: v.pipe(Whole, v.minValue(1)),
  /** Where the values of the row are texts of CSV. */
  format: v.optional(v.literal("csv")),
});

/** A line as it was read. */
export interface RejectEntry extends v.InferOutput<typeof LineSchema> {
  /** The row, where there is one: without it, the record was malformed and was not corrected. */
  readonly record?: WrittenRecord;
}

/** What a line says beside what is known of the row. */
export interface RejectAbout {
  readonly load: string;
  readonly batch: number;
  readonly run?: string | undefined;
  readonly format: RecordFormat;
}

/**
 * A row that was rejected as a line, without its end. The row stands in it as `row`, an object; where
 * it is none, as `text`; where it is no UTF-8, as `bytes`, in base64.
 */
export function rejectLine(rejected: RejectedRow, about: RejectAbout): string {
  const { record, ordinal, line, part, byteOffset } = rejected;
  const head = {
    load: about.load,
    batch: about.batch,
    source: part,
    ordinal,
    line,
    ...(byteOffset === undefined ? {} : { byte: byteOffset }),
    ...(about.run === undefined ? {} : { run: about.run }),
    ...reasonOf(rejected),
    attempt: 1,
    ...(about.format.kind === "csv" ? { format: "csv" } : {}),
  };
  if (record === undefined) return JSON.stringify(head);
  const text = textOf(record);
  if (text === undefined) return JSON.stringify({ ...head, bytes: record.toBase64() });
  const row = about.format.kind === "csv" ? csvRowJson(record, about.format) : text;
  const whole = row === undefined ? undefined : withRow(head, row);
  const isRow = whole !== undefined && rowIn(new TextEncoder().encode(whole));
  // Line ends are no part of a line; where they stand in JSON, they are white space.
  if (isRow) return whole.replaceAll(/[\r\n]+/g, " ");
  return JSON.stringify({ ...head, text });
}

/** Reads a line; undefined where it is none. */
export function readRejectLine(line: Uint8Array<ArrayBuffer>): RejectEntry | undefined {
  const text = textOf(line);
  const result = v.safeParse(LineSchema, text === undefined ? undefined : parsed(text));
  if (!result.success) return undefined;
  const row = rowIn(line);
  const { format } = result.output;
  if (row === undefined) return result.output;
  const record: WrittenRecord = format === "csv"
    ? csvRecordOf(row)
    : { format: { kind: "ndjson" }, bytes: row };
  return { ...result.output, record };
}

/** Whether a line is one of ours, as it was written, torn by a crash, or rewritten by people. */
export function isRejectLine(line: Uint8Array<ArrayBuffer>): boolean {
  return readHead(line).kind !== "none" || readRejectLine(line) !== undefined;
}

/** Whether a line that goes on may be one of ours. */
export function mayBeRejectLine(begun: Uint8Array): boolean {
  return readHead(begun).kind === "whole" ||
    (begun[0] === OBJECT_START && begun.length < LIMITS.recordBytesMax);
}

/**
 * The load and the batch that a line is of, also where its end is missing: the program died as it
 * wrote it. Undefined where it does not tell.
 */
export function batchOfLine(
  line: Uint8Array<ArrayBuffer>,
): { readonly load: string; readonly batch: number } | undefined {
  const head = readHead(line);
  return head.kind === "whole" ? head : readRejectLine(line);
}

/** A line whose row was tried once more and refused for another reason, or the same. */
export function refusedLine(line: Uint8Array<ArrayBuffer>, rejected: RejectedRow): string {
  const entry = parsed(new TextDecoder().decode(line)) as RejectEntry;
  const { load, batch, source, ordinal, line: at, byte, run, attempt, ...rest } = entry;
  const { row: _row, column: _column, code: _code, message: _message, ...others } = rest;
  const head = {
    ...{ load, batch, source, ordinal, line: at, ...(byte === undefined ? {} : { byte }) },
    ...(run === undefined ? {} : { run }),
    ...reasonOf(rejected),
    attempt: attempt + 1,
    ...others,
  };
  const row = rowIn(line);
  return row === undefined ? JSON.stringify(head) : withRow(head, new TextDecoder().decode(row));
}

function reasonOf({ column, code, message }: RejectedRow) {
  return { ...(column === undefined ? {} : { column }), code, message };
}

/** As it stands there: a number that went through a double would lose digits. */
function withRow(head: object, row: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"row":${row}}`;
}

/** The object that is the line's `row`, as it stands there. */
function rowIn(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const reader = new JsonRecordReader(bytes, ["row"]);
  const fault = reader.read(0, bytes.length);
  // Every other member of the line is unknown to this reader.
  if (fault !== undefined && fault.code !== "unknown_field") return undefined;
  const { kinds, starts, ends } = reader.spans;
  return (kinds[0]! & KIND_MASK) === OBJECT ? bytes.slice(starts[0], ends[0]) : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
