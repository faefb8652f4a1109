/** The value that a record has in a column, read from its own bytes: a number of any length is exact. */
import type { RawBatch } from "../../src/batching/batcher.ts";
import type { RowValue } from "../../src/config/row_share.ts";
import {
  ABSENT,
  ARRAY,
  ESCAPED,
  KIND_MASK,
  NONE,
  NUMBER,
  OBJECT,
  STRING,
} from "../codec/reference/cell_span.ts";
import { CsvRecordReader, unquoteCsv } from "../codec/reference/csv_record.ts";
import { JsonRecordReader } from "../codec/reference/json_record.ts";
import { unescapeJson } from "../codec/reference/json_text.ts";

/** A record as far as one column of it goes. */
export interface ValueOfRow {
  /** Undefined where it is null, an object or an array, is not there, or the record cannot be read. */
  readonly value?: RowValue;
  /** The names of its fields, where it was read and has none of that name. */
  readonly fields?: Iterable<string>;
}

const NOTHING: ValueOfRow = {};

/** Reads the records of a batch. */
export function valueReader(
  { bytes, format }: Pick<RawBatch, "bytes" | "format">,
  column: string,
): (from: number, to: number) => ValueOfRow {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const unknowns = new Set<string>();
  const reader = format.kind === "csv"
    ? new CsvRecordReader(bytes, [column], format)
    : new JsonRecordReader(bytes, [column], { records: format.records, unknowns });
  const unescape = format.kind === "csv" ? unquoteCsv : unescapeJson;
  return (from, to) => {
    const fault = reader.read(from, to);
    if (fault && fault.code !== "unknown_field") return NOTHING;
    const { kinds: [flags = NONE], starts: [start = 0], ends: [end = 0] } = reader.spans;
    if (flags === (NONE | ABSENT)) return { fields: unknowns };
    const kind = flags & KIND_MASK;
    if (kind === NONE || kind === OBJECT || kind === ARRAY) return NOTHING;
    const isPlain = (flags & ESCAPED) === 0;
    if (isPlain || (format.kind !== "csv" && kind !== STRING)) {
      return {
        value: { text: decoder.decode(bytes.subarray(start, end)), number: kind === NUMBER },
      };
    }
    const field = new Uint8Array(end - start);
    const text = decoder.decode(field.subarray(0, unescape(bytes, start, end, field)));
    return { value: { text, number: false } };
  };
}
