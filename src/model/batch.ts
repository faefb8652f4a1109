import type { BytesForm } from "./bytes_form.ts";
import type { ColumnType } from "./column_type.ts";

/** How rows meet the rows that are there: added, merged on the key, or put in their place. */
export const WRITE_MODES = ["append", "upsert", "replace"] as const;

/** See {@linkcode WRITE_MODES}. The position in that list is the number that plugins see. */
export type WriteMode = (typeof WRITE_MODES)[number];

/** One column of a shape. */
export interface Column {
  /** The name as it stands in the source and in the table. */
  readonly name: string;
  /** The logical type. */
  readonly type: ColumnType;
  /** Whether NULL may stand in it. Key columns are never nullable. */
  readonly nullable: boolean;
  /** Whether it belongs to the key. */
  readonly key: boolean;
  /** Whether the type was inferred: a value that it would change is refused. False by default. */
  readonly inferred?: boolean;
  /** How bytes are written in the source; by default only hex behind `\x` is taken. */
  readonly bytes?: BytesForm;
  /**
   * Where the database has an array there, what its elements are: arrays of JSON are then written as
   * its own. The type is `other`.
   */
  readonly elements?: "json" | "text";
}

/** A table by name; without a schema, the connection's default one. */
export interface TableName {
  /** Schema, where the database has them. */
  readonly schema?: string;
  /** The table's own name. */
  readonly name: string;
}

/** What rows are written as, and what a plan depends on: table, columns and mode. */
export interface Shape {
  /** The target. */
  readonly table: TableName;
  /** In the order in which they are written. */
  readonly columns: readonly Column[];
  /** How rows meet the rows that are there. */
  readonly mode: WriteMode;
}

/** A shape with nothing but what a plan depends on. */
export function planShape({ table, columns, mode }: Shape): Shape {
  return {
    table,
    columns: columns.map(({ name, type, nullable, key }) => ({ name, type, nullable, key })),
    mode,
  };
}

/**
 * Columns that an upsert sets in a row that is there already: all beside the key, or the first of the
 * key where there are no others.
 */
export function updatedColumns({ columns }: Pick<Shape, "columns">): readonly Column[] {
  const others = columns.filter(({ key }) => !key);
  return others.length > 0 ? others : columns.filter(({ key }) => key).slice(0, 1);
}

/** How the records of a batch are written down. */
export type RecordFormat =
  | {
    readonly kind: "ndjson";
    /**
     * What a record is where it is no line: an element of the one array that the part is, with the
     * comma or the bracket behind it, or one of objects that stand one behind the other on any
     * number of lines.
     */
    readonly records?: "elements" | "objects";
  }
  | {
    readonly kind: "csv";
    /** One ASCII character; `,` by default. */
    readonly delimiter: string;
    /** The names of the fields, in the order of the record. */
    readonly header: readonly string[];
    /** The unquoted text that means NULL; empty by default. */
    readonly nullText: string;
    /** What ends a line where it is neither LF nor CRLF: a carriage return alone. */
    readonly lineEnd?: "\r";
  };

/**
 * A batch is bytes: records as they stand in the source, nothing parsed.
 *
 * `bytes` is one contiguous span of one part of the source. Record `i` starts at `offsets[i]` and
 * ends before `offsets[i + 1]`; trailing line ends and blank lines belong to the record before.
 * Leading blank lines lie before `offsets[0]`. Both arrays own their buffers, so they can be
 * transferred to a lane; the buffers may be longer, and `bytes` may begin anywhere in its own.
 */
export interface Batch {
  /** What the rows are: table, columns, mode. */
  readonly shape: Shape;
  /** How the records are written. */
  readonly format: RecordFormat;
  /** The records. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Start of each record within `bytes`, and at the end the length of `bytes`: rows + 1 entries. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** The number of this batch within its load, from 0. */
  readonly sequence: number;
  /** The number of its first row within the load, from 0. */
  readonly ordinal: number;
  /** The file, or what else the part of the source is called. */
  readonly part: string;
  /** Where `bytes` starts within the part, in (decompressed) bytes. */
  readonly byteOffset: number;
  /** The line of the part at which `bytes` starts, from 1. */
  readonly line: number;
  /**
   * Columns of the table that a record may have or lack, and to lack one is not to have NULL there;
   * none by default. They may be in the shape or not. A record *varies* that lacks one of those in
   * the shape, or has one of the others: it cannot be written by this shape.
   */
  readonly optional?: readonly Column[];
  /**
   * Size of its one record in bytes, where that is larger than `recordBytesMax`: `bytes` then hold
   * the record's beginning, to know it again by, and the row is rejected.
   */
  readonly tooLarge?: number;
  /**
   * Takes the buffer of `bytes` back for a batch to come. Whoever is done with the batch may call
   * it, once; it does not cross into a worker.
   */
  readonly recycle?: (buffer: ArrayBuffer) => void;
}

/** A file, as it was when it was opened. */
export interface RangeFile {
  /** Where it was opened; another one may stand there by now. */
  readonly path: string;
  /** The device that it is on. */
  readonly device: number;
  /** The number that it is known by there; null where the system has none. */
  readonly inode: number | null;
}

/**
 * Records of a file that nobody has read yet: a batch to be. They are lines of JSON, or CSV; whether
 * they can all be taken, and how many there are, is known once they are written.
 */
export interface BatchRange
  extends Pick<Batch, "shape" | "format" | "optional" | "sequence" | "part" | "byteOffset"> {
  /** Where they end within the part: behind the line end of the last, where it has one. */
  readonly byteEnd: number;
  /** What stands in the part. */
  readonly file: RangeFile;
  /** One number, to which whoever reads it adds the bytes that have been read; none by default. */
  readonly bytesRead?: Int32Array<SharedArrayBuffer>;
}

/** The number of records in a batch. */
export function rowCount(batch: Pick<Batch, "offsets">): number {
  return batch.offsets.length - 1;
}

/** Where a batch ends within its part, in (decompressed) bytes. */
export function byteEndOf(
  batch: Pick<Batch, "byteOffset" | "bytes" | "tooLarge"> | Pick<BatchRange, "byteEnd">,
): number {
  if ("byteEnd" in batch) return batch.byteEnd;
  return batch.byteOffset + (batch.tooLarge ?? batch.bytes.length);
}

/** The byte by which lines are counted. */
export function lineEndOf(format: RecordFormat): number {
  return format.kind === "csv" && format.lineEnd !== undefined ? 13 : 10;
}

/** The line of the part at which record `row` of the batch starts, from 1. */
export function lineOfRow(
  batch: Pick<Batch, "format" | "bytes" | "offsets" | "line">,
  row: number,
): number {
  const end = batch.offsets[row] ?? batch.bytes.length;
  const lineEnd = lineEndOf(batch.format);
  let line = batch.line;
  for (
    let at = batch.bytes.indexOf(lineEnd);
    at >= 0 && at < end;
    at = batch.bytes.indexOf(lineEnd, at + 1)
  ) {
    line++;
  }
  return line;
}

/** Record `row` of the batch as it stands in the source, without what ends its line: a copy. */
function recordOf(
  { bytes, offsets, format }: Pick<Batch, "bytes" | "offsets" | "format">,
  row: number,
): Uint8Array<ArrayBuffer> {
  const start = offsets[row]!;
  let end = offsets[row + 1]!;
  if (format.kind === "ndjson" && format.records === "elements") {
    end = elementEnd(bytes, start, end);
  }
  while (end > start && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end--;
  return bytes.slice(start, end);
}

/** Where an element of an array ends that stands with the comma, or the bracket, behind it. */
export function elementEnd(bytes: Uint8Array, from: number, to: number): number {
  const back = (byte: number) => {
    if (to > from && bytes[to - 1] === byte) to--;
    while (to > from && isWhite(bytes[to - 1]!)) to--;
  };
  back(0x20);
  back(0x5d);
  back(0x2c);
  return to;
}

/** White space of JSON. */
function isWhite(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** A rejected row with its place and its record, but for the record of one that is too large. */
export function withRecord(batch: Omit<Batch, "shape">, row: RejectedRow): RejectedRow {
  const at = row.ordinal - batch.ordinal;
  const placed = { ...row, byteOffset: batch.byteOffset + batch.offsets[at]! };
  return batch.tooLarge === undefined ? { ...placed, record: recordOf(batch, at) } : placed;
}

/** A row that was not taken, and why. Only `record` carries values of the row. */
export interface RejectedRow {
  /** Number of the row within the load, from 0. */
  readonly ordinal: number;
  /** The part of the source it stands in. */
  readonly part: string;
  /** The line of the part it starts at, from 1. */
  readonly line: number;
  /**
   * Where it starts within the part, in (decompressed) bytes: the row is known by that. Absent where
   * nobody keeps it.
   */
  readonly byteOffset?: number;
  /** The column that is at fault, where one is; the columns of a constraint, with commas between. */
  readonly column?: string;
  /** The constraint that refuses it, where the database names one. */
  readonly constraint?: string;
  /** Position within the line, from 1, of what could not be read, where the record is malformed. */
  readonly position?: number;
  /** A short, closed word: see {@linkcode RejectCode}. */
  readonly code: RejectCode;
  /** One sentence without any value of the row. */
  readonly message: string;
  /**
   * The row as it stands in the source, without its line end; absent where nobody asked for it, and
   * where it is larger than `recordBytesMax`. It goes where rejects are kept, and nowhere else.
   */
  readonly record?: Uint8Array<ArrayBuffer>;
}

/**
 * Why a row was not taken.
 *
 * - `malformed`: the record is not well-formed in its format
 * - `type`: the value does not fit the column's type
 * - `range`: the value's type fits, its size does not
 * - `null`: NULL, or nothing, for a column that takes none
 * - `unknown_field`: the record has a field that the shape lacks
 * - `encoding`: not valid UTF-8, a lone surrogate, or U+0000 where the database takes none
 * - `too_large`: the record is larger than `recordBytesMax`
 * - `data`, `integrity`: the database refused it
 */
export type RejectCode =
  | "malformed"
  | "type"
  | "range"
  | "null"
  | "unknown_field"
  | "encoding"
  | "too_large"
  | "data"
  | "integrity";

const shapeKeys = new WeakMap<Shape, string>();

/** A shape as one canonical string: equal shapes, equal strings. Computed once for each object. */
export function shapeKey(shape: Shape): string {
  let key = shapeKeys.get(shape);
  if (key === undefined) {
    key = canonicalShape(shape);
    shapeKeys.set(shape, key);
  }
  return key;
}

function canonicalShape(shape: Shape): string {
  return JSON.stringify([
    shape.table.schema ?? null,
    shape.table.name,
    shape.mode,
    shape.columns.map((c) => [c.name, c.type, c.nullable, c.key]),
  ]);
}

/** The table as people write it: `schema.name` or `name`. */
export function tableLabel(
  { schema, name }: { readonly schema?: string | undefined; readonly name: string },
): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
