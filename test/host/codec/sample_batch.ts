/** Batches and readers of outputs for the tests of the codec. */
import type { Batch, Column, RecordFormat } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import type { CellRules } from "../../../host/codec/codec.ts";

const encoder = new TextEncoder();

/** Rules of a database that takes everything. */
export const LENIENT: CellRules = { nul: "keep", nan: true };
/** Rules of a database that takes neither U+0000 nor NaN. */
export const STRICT: CellRules = { nul: "reject", nan: false };

/** Nullable columns of these names and types; bytes are written in base64. */
export function columnsOf(types: Record<string, ColumnType>): Column[] {
  return Object.entries(types).map(([name, type]) => ({
    name,
    type,
    nullable: true,
    key: false,
    ...(type === "bytes" ? { bytes: "base64" as const } : {}),
  }));
}

/** A batch out of records, each given with its line end. */
export function batchOf(
  records: readonly (string | Uint8Array)[],
  columns: readonly Column[],
  format: RecordFormat = { kind: "ndjson" },
): Batch {
  const parts = records.map((r) => typeof r === "string" ? encoder.encode(r) : r);
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, i) => offsets[i + 1] = offsets[i]! + part.length);
  const bytes = new Uint8Array(offsets[parts.length]!);
  parts.forEach((part, i) => bytes.set(part, offsets[i]!));
  return {
    shape: { table: { name: "t" }, columns, mode: "append" },
    format,
    bytes,
    offsets,
    sequence: 0,
    ordinal: 100,
    part: "sample",
    byteOffset: 0,
    line: 1,
  };
}

/** CSV with a header. */
export function csvFormat(
  header: readonly string[],
  options: { delimiter?: string; nullText?: string } = {},
): Extract<RecordFormat, { kind: "csv" }> {
  return { kind: "csv", delimiter: ",", nullText: "", ...options, header };
}

/** Reads PostgreSQL's COPY text by its manual alone; a field is null or text. */
export function decodeCopy(bytes: Uint8Array): (string | null)[][] {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  if (text === "") return [];
  if (!text.endsWith("\n")) throw new Error("The last row has no line end");
  return text.slice(0, -1).split("\n").map((line) => line.split("\t").map(decodeField));
}

const UNESCAPED: Record<string, string> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

function decodeField(field: string): string | null {
  if (field === "\\N") return null;
  return field.replace(/\\([^]?)/g, (_, letter: string) => {
    const byte = UNESCAPED[letter];
    if (byte === undefined) throw new Error(`Not an escape of COPY: \\${letter}`);
    return byte;
  });
}
