/**
 * The codec turns a batch's bytes into what a plan asks for, and checks each cell against its
 * column on the way. Rows that it cannot encode are named, not thrown: the rest is encoded.
 */
import type { Batch, RejectedRow } from "../../src/model/batch.ts";
import type { NulRule } from "../../src/model/nul_rule.ts";
import type { ContentHash } from "./content_hash.ts";

/**
 * A value to bind. Integers are bigints, booleans 0n and 1n, unless {@linkcode CellOptions} ask for
 * numbers; decimals are their digits.
 */
export type Cell = null | string | number | bigint | Uint8Array;

/** What a database takes, where databases differ. */
export interface CellRules {
  /**
   * What becomes of U+0000 in text and json: `keep` writes it as it is, `reject` rejects the row as
   * `encoding`, `strip` leaves it out, and `escape` puts the six characters `\u0000` in its place;
   * in json these are a string's own text, written there as `\\u0000`.
   */
  readonly nul: "keep" | NulRule;
  /** Whether NaN may stand in a float column; where not, it rejects the row as `type`. */
  readonly nan: boolean;
  /**
   * Whether dates, times and decimals may come in all the forms that PostgreSQL prints (infinities,
   * years before 1 and behind 9999, 24:00:00, NaN); false by default.
   */
  readonly wide?: boolean;
}

/** How cells are to come. */
export interface CellOptions extends CellRules {
  /**
   * Columns, in the order of the shape's, whose integers and booleans come as numbers where these
   * are exact (within ±(2^53 - 1)) and as bigints elsewhere; none by default. To bind a number
   * costs less than a bigint, but a database may take it for a fraction.
   */
  readonly numbers?: readonly boolean[];
  /** Whether they are read by {@linkcode CellReader.readPacked}, where there is one; false by default. */
  readonly packed?: boolean;
}

/** How a cell of {@linkcode PackedCells} is to be read. */
export const TAG = {
  null: 0,
  /** Start and end, 32 bits each, of its bytes: of a text or a decimal, its UTF-8. */
  text: 1,
  /** A signed integer of 64 bits, which fits 32; of a boolean 0 or 1. */
  short: 3,
  /** Any other signed integer of 64 bits. */
  long: 4,
  double: 5,
  /** Start and end of the digits of a double. */
  doubleText: 6,
  /** Start and end of bytes. */
  octets: 7,
} as const;

/** Cells of whole rows, in the order of the shape's columns, row after row. */
export interface PackedCells {
  /** How many rows. */
  readonly rows: number;
  /** One for each cell: see {@linkcode TAG}. */
  readonly tags: Uint8Array;
  /** Eight bytes for each cell. */
  readonly values: Float64Array<ArrayBuffer>;
  /** What cells with a start and an end are cut out of; at least 16 bytes of no meaning follow them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** How a COPY carries rows: see {@linkcode CopyOptions}. */
export type CopyFormat = "text" | "binary";

/** How a batch becomes the data of a COPY. */
export interface CopyOptions {
  /** PostgreSQL's text format, or its binary one, header and trailer included. */
  readonly format: CopyFormat;
  /** The server's type of each column, in the order of the shape's; the binary format needs it. */
  readonly types?: readonly WireType[];
  /**
   * Whether the row's number is sent as a last column, a bigint: of a batch its ordinal within the
   * load; of a stream, whose ordinals nobody knows yet, its place in it, from 0.
   */
  readonly ordinal: boolean;
  /** What the database takes. */
  readonly rules: CellRules;
}

/** Types of PostgreSQL whose binary form the codec writes, by the names of `pg_type`. */
export type WireType =
  | "bool"
  | "int2"
  | "int4"
  | "int8"
  | "numeric"
  | "float4"
  | "float8"
  | "text"
  | "json"
  | "jsonb"
  | "bytea"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "uuid";

/** Bytes that each piece of COPY data leaves free at its start, for the head of its message. */
export const PIECE_HEADROOM = 5;

/** Pieces of COPY data end with the row in which they reach so many bytes. */
export const PIECE_BYTES = 512 * 1024;

/**
 * A batch as the data of one COPY, made piece by piece, so that one piece is made while the one
 * before is on its way. All pieces together are the data; rows that are rejected are left out.
 */
export interface CopyEncoder {
  /**
   * The next piece, behind {@linkcode PIECE_HEADROOM} bytes of no meaning; undefined at the end. It
   * is the caller's until the next but one is asked for.
   */
  next(): Uint8Array<ArrayBuffer> | undefined;
  /** Rows in the pieces so far. */
  readonly rows: number;
  /** The number within the batch of a row, counted from 0 over all pieces. */
  rowOf(index: number): number;
  /** Rows that were left out so far, and why. */
  readonly rejects: readonly RejectedRow[];
  /** Rows in the pieces so far in which U+0000 was stripped or escaped. */
  readonly repaired: number;
  /**
   * Whether it ended at a row that varies (see {@linkcode Batch.optional}): what it made till then is
   * of no use.
   */
  readonly varies: boolean;
}

/** Cells of a batch, read in slices so that few of them are alive at once. */
export interface CellReader {
  /**
   * Appends the cells of up to `rowsMax` further rows to `out`, row after row, and their numbers
   * within the batch to `rows`. Returns how many rows that were; 0 at the end. Rejected rows are
   * left out.
   */
  read(rowsMax: number, out: Cell[], rows: number[]): number;
  /**
   * The next rows, up to `rowsMax`, as bytes; their numbers within the batch are appended to `rows`.
   * Undefined at the end. They are the caller's until the next call. To be called instead of `read`,
   * never beside it; left out where only cells can be had.
   */
  readPacked?(rowsMax: number, rows: number[]): PackedCells | undefined;
  /** Rows that were rejected so far. */
  readonly rejects: readonly RejectedRow[];
  /** Rows that were read so far in which U+0000 was stripped or escaped. */
  readonly repaired: number;
  /**
   * Whether it ended at a row that varies (see {@linkcode Batch.optional}): what it read till then is
   * of no use.
   */
  readonly varies: boolean;
}

/** How a batch becomes the image of a SQLite database. */
export interface ImageOptions {
  /** What the database takes. */
  readonly rules: CellRules;
  /** The image's one table. */
  readonly table: string;
  /** The statement that would make it: its columns are the shape's, in their order. */
  readonly sql: string;
  /** Whether doubles without a fraction are written as integers, as SQLite has them in REAL columns. */
  readonly wholeAsInteger: boolean;
  /** Bytes of a page, a power of two from 512 on; 65,536 by default. */
  readonly pageBytes?: number;
}

/** Room for images, one after the other; it grows as they need it. */
export interface ImageRoom {
  /** What the next image is written to, if it is large enough; afterwards, what it was written to. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** A batch as the image of a SQLite database: texts are UTF-8, a boolean is 0 or 1. */
export interface ImageEncoder {
  /**
   * The image, once; a row's number in its table is that of its record in the batch, from 1. It is the
   * caller's until the next image is asked for. Undefined where there can be none, as of records that
   * are too large. Empty where the batch varies, or more rows are rejected than may be.
   */
  encode(rejectsMax: number): Uint8Array<ArrayBuffer> | undefined;
  /** Rows in it. */
  readonly rows: number;
  /** Rows that were left out, and why. */
  readonly rejects: readonly RejectedRow[];
  /** Rows in which U+0000 was stripped or escaped. */
  readonly repaired: number;
  /** Whether a row varies, see {@linkcode Batch.optional}. */
  readonly varies: boolean;
}

/** Records that were read into an image. */
export interface EncodedImage {
  /** The image. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Rows in it: all that were read. */
  readonly rows: number;
  /** Rows in which U+0000 was stripped or escaped. */
  readonly repaired: number;
  /** XXH64 of the records' bytes, in hex. */
  readonly contentHash: string;
  /** The marks that belong to it; see `content_hash.ts`. */
  readonly marks: Uint8Array<ArrayBuffer>;
}

/** Bytes of records, read on as they are asked for. */
export interface RecordBytes {
  /** How many there are. */
  readonly length: number;
  /**
   * Reads on into the start of `into`. Returns how many bytes that was: none where there are no more,
   * though there should be.
   */
  read(into: Uint8Array<ArrayBuffer>): number | Promise<number>;
}

/**
 * Records as the data of one COPY, read and encoded at the same time, with no more of them in memory
 * than a few pieces. It goes on as long as every row is taken: one that is not ends it, and what it
 * made till then is of no use.
 */
export interface CopyStream extends ReadRecords {
  /**
   * The next piece, behind {@linkcode PIECE_HEADROOM} bytes of no meaning; undefined at the end. It is
   * the caller's until the next but one is asked for. Never rejects.
   */
  next(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Whether it ended before all were encoded. */
  readonly failed: boolean;
  /** What reading has thrown, where that is why. */
  readonly error: unknown;
}

/** What is known of records that were read, once all of them are encoded. */
export interface ReadRecords {
  /** How many there are. */
  readonly rows: number;
  /** How many of them had U+0000 stripped or escaped. */
  readonly repaired: number;
  /** XXH64 of all bytes, in hex. */
  hash(): string;
  /** The marks that belong to it; see `content_hash.ts`. */
  marks(): Uint8Array<ArrayBuffer>;
  /** Waits for what is being read. */
  close(): Promise<void>;
}

/** What records are that are to be streamed: lines of JSON, or CSV. */
export type StreamedRecords = Pick<Batch, "shape" | "format" | "optional">;

/**
 * The codec turns a batch's bytes into what a plan asks for, and checks each cell against its
 * column on the way. One codec serves one connection, one batch at a time.
 */
export interface Codec {
  /** The data of a COPY. */
  copy(batch: Batch, options: CopyOptions): CopyEncoder;
  /** Cells to bind, in the order of the shape's columns. */
  cells(batch: Batch, options: CellOptions): CellReader;
  /** An image; left out where none can be made, undefined of batches of which there can be none. */
  image?(batch: Batch, options: ImageOptions): ImageEncoder | undefined;
  /** XXH64 of the batch's bytes, made in steps. */
  contentHash(batch: Batch): ContentHash;
  /**
   * The data of a COPY of records that are read meanwhile; left out where nothing can be streamed. One
   * stream at a time; batches may be encoded beside it.
   */
  stream?(
    records: StreamedRecords,
    bytes: RecordBytes,
    options: CopyOptions,
  ): Promise<CopyStream>;
  /**
   * An image of records that are read meanwhile, in `room`; left out where none can be made. Undefined
   * where they are not for one: a row is not to be taken, varies, or is too large, or there is none.
   * Rejects with what reading throws. It takes turns with streams.
   */
  streamImage?(
    records: StreamedRecords,
    bytes: RecordBytes,
    options: ImageOptions & { readonly room: ImageRoom },
  ): Promise<EncodedImage | undefined>;
}
