/** A record of CSV as an object of JSON, which people can correct, and back. */
import type { RecordFormat } from "../../src/model/batch.ts";
import { ESCAPED, KIND_MASK, NONE } from "../codec/reference/cell_span.ts";
import { CsvRecordReader, unquoteCsv } from "../codec/reference/csv_record.ts";
import { JsonRecordReader } from "../codec/reference/json_record.ts";

/** Stands without quotes, which every text has. */
const NULL_TEXT = "NULL";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** CSV, as opposed to the other formats. */
export type CsvFormat = Extract<RecordFormat, { kind: "csv" }>;

/** One record, and how it is written. */
export interface WrittenRecord {
  readonly format: RecordFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A record as the text of an object: each field a text, or null where it is the format's NULL.
 * Undefined where the record is malformed.
 */
export function csvRowJson(
  record: Uint8Array<ArrayBuffer>,
  format: CsvFormat,
): string | undefined {
  const reader = new CsvRecordReader(record, format.header, format);
  if (reader.read(0, record.length)) return undefined;
  const { kinds, starts, ends } = reader.spans;
  const members = format.header.map((name, i) => {
    const kind = kinds[i]!;
    let field = record.subarray(starts[i], ends[i]);
    if ((kind & ESCAPED) !== 0) {
      const out = new Uint8Array(field.length);
      field = out.subarray(0, unquoteCsv(field, 0, field.length, out));
    }
    const value = (kind & KIND_MASK) === NONE ? null : decoder.decode(field);
    return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  });
  return `{${members.join(",")}}`;
}

/**
 * An object as a record of CSV. Its texts mean what they would in CSV: in a column of JSON they are
 * JSON, not texts within. What is no text stands there as it is written.
 */
export function csvRecordOf(row: Uint8Array<ArrayBuffer>): WrittenRecord {
  const values: Readonly<Record<string, unknown>> = JSON.parse(decoder.decode(row));
  const header = Object.keys(values);
  // A record without a field cannot be told from one whose only field is empty.
  if (header.length === 0) return { format: { kind: "ndjson" }, bytes: row };
  const reader = new JsonRecordReader(row, header);
  // V8 can take a name with an escape for another one that ends in a backslash (crbug.com/521080746):
  // the record then has a member that the header lacks, and goes as it is.
  if (reader.read(0, row.length)) return { format: { kind: "ndjson" }, bytes: row };
  const { starts, ends } = reader.spans;
  const fields = header.map((name, i) => {
    const value = values[name];
    if (value === null) return NULL_TEXT;
    const text = typeof value === "string"
      ? value
      : decoder.decode(row.subarray(starts[i], ends[i]));
    return `"${text.replaceAll('"', '""')}"`;
  });
  return {
    format: { kind: "csv", delimiter: ",", header, nullText: NULL_TEXT },
    bytes: new TextEncoder().encode(fields.join(",")),
  };
}
