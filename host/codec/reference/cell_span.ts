/**
 * Where the cells of one record stand within the bytes, and of which kind each one is. Both readers
 * of records (NDJSON and CSV) fill the same spans, so that all checks and writers exist once.
 *
 * A span of a JSON string lies between its quotes; of a quoted CSV field likewise. All other spans
 * are the source text itself.
 */
import type { RejectCode } from "../../../src/model/batch.ts";

/** No value: JSON `null`, the text that means NULL in CSV, or, with {@linkcode ABSENT}, no field. */
export const NONE = 0;
/** JSON `true`. */
export const TRUE = 1;
/** JSON `false`. */
export const FALSE = 2;
/** A JSON number. */
export const NUMBER = 3;
/** A JSON string. */
export const STRING = 4;
/** A CSV field. */
export const FIELD = 5;
/** A JSON object. */
export const OBJECT = 6;
/** A JSON array. */
export const ARRAY = 7;

/** Takes the flags off a kind. */
export const KIND_MASK = 7;
/** Flag: the text holds JSON escapes, or doubled quotes in CSV, that must be undone. */
export const ESCAPED = 8;
/** Flag: bytes outside of ASCII stand within the span. */
export const NON_ASCII = 16;
/** Flag: U+0000 stands within the span, as it is or escaped. */
export const NUL = 32;
/** Flag of NONE: the record lacks the field. */
export const ABSENT = 64;

/** Spans of one record, by column. Reused from record to record. */
export class CellSpans {
  /** Kind and flags. */
  readonly kinds: Uint8Array;
  /** First byte, within the batch. */
  readonly starts: Int32Array;
  /** Byte after the last one. */
  readonly ends: Int32Array;

  /** Makes room for `count` columns. */
  constructor(count: number) {
    this.kinds = new Uint8Array(count);
    this.starts = new Int32Array(count);
    this.ends = new Int32Array(count);
  }

  /** Forgets the record before: no column has a field. */
  clear(): void {
    const kinds = this.kinds;
    for (let i = 0; i < kinds.length; i++) kinds[i] = NONE | ABSENT;
  }
}

/** Why a record was not taken, and where in the bytes. */
export interface Fault {
  readonly code: Exclude<RejectCode, "data" | "integrity">;
  /** One sentence without any value of the row. */
  readonly message: string;
  /** Name of the column or field at fault. */
  readonly column?: string;
  /** Offset within the batch's bytes of what could not be read. */
  readonly at?: number;
}

/** What is said of a record that varies (see `Batch.optional`): it is no fault of its own. */
export const VARIES = "varies";

/** Reads one record after the other into spans. */
export interface RecordReader {
  /** The cells of the record that was read last. */
  readonly spans: CellSpans;
  /** Reads the record that stands between two offsets; what is wrong with it, if something is. */
  read(from: number, to: number): Fault | undefined;
}
