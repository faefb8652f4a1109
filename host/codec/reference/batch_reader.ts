import type { Batch } from "../../../src/model/batch.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { type CellSpans, type Fault, type RecordReader, VARIES } from "./cell_span.ts";
import { CsvRecordReader } from "./csv_record.ts";
import { JsonRecordReader } from "./json_record.ts";

/** Reads the records of a batch one by one, whatever their format. */
export class BatchReader {
  readonly #batch: Batch;
  readonly #reader: RecordReader;
  readonly #optional: ReadonlySet<string>;
  /** Whether the header of CSV has a column that is optional and not in the shape. */
  readonly #headerVaries: boolean;

  /** A reader for the columns of the batch's shape. */
  constructor(batch: Batch) {
    const { bytes, format } = batch;
    const names = batch.shape.columns.map((column) => column.name);
    this.#batch = batch;
    this.#optional = new Set(batch.optional?.map((column) => column.name));
    this.#headerVaries = format.kind === "csv" &&
      format.header.some((name) => this.#optional.has(name) && !names.includes(name));
    this.#reader = format.kind === "csv"
      ? new CsvRecordReader(bytes, names, format)
      : new JsonRecordReader(bytes, names, format);
  }

  /** The cells of the record that was read last. */
  get spans(): CellSpans {
    return this.#reader.spans;
  }

  /** Reads record `row` of the batch; what is wrong with it, if something is, or that it varies. */
  read(row: number): Fault | typeof VARIES | undefined {
    const { bytes, offsets } = this.#batch;
    const from = offsets[row]!;
    const to = offsets[row + 1]!;
    if (
      to - from > LIMITS.recordBytesMax &&
      contentEnd(bytes, from, to) - from > LIMITS.recordBytesMax
    ) {
      const mib = LIMITS.recordBytesMax / 1024 / 1024;
      return { code: "too_large", message: `The record is larger than ${mib} MiB` };
    }
    const fault = this.#reader.read(from, to);
    if (fault?.code !== "unknown_field") return fault;
    return this.#headerVaries || this.#optional.has(fault.column ?? "") ? VARIES : fault;
  }
}

/** The end of a record without the line ends that trail it. */
function contentEnd(bytes: Uint8Array, from: number, to: number): number {
  while (to > from && (bytes[to - 1] === 10 || bytes[to - 1] === 13)) to--;
  return to;
}
