/** Where rows come from. */
import type { Column, RecordFormat } from "../../src/model/batch.ts";
import type { ColumnType } from "../../src/model/column_type.ts";
import type { PartFile } from "../../src/batching/batcher.ts";

/** One file of a source, or what stands for one. Batches never cross parts. */
export interface SourcePart {
  /** The file as it was named, or what else it is called: `-`, `rows`. */
  readonly name: string;
  /** Size on disk, for progress; unknown for streams. Of a compressed file, the compressed size. */
  readonly bytesTotal?: number | undefined;
  /**
   * How its records are written. For CSV the header is known only once the part is opened, so a
   * part opens with its format.
   *
   * @param signal Stops the opening, which may wait for standard input. Once it is open, `close` does.
   * @throws {LoadError} `source_missing`, `source_unreadable`
   */
  open(signal?: AbortSignal): Promise<OpenPart>;
}

/** A part that is being read. */
export interface OpenPart {
  /** How the records are written. */
  readonly format: RecordFormat;
  /** Line of the part at which reading begins, from 1. */
  readonly line: number;
  /** Offset of the (decompressed) part at which reading begins. */
  readonly byteOffset: number;
  /**
   * Reads records into the start of `into`, without byte order mark and without the header line of
   * CSV; a record may be cut anywhere. Resolves to the number of bytes, as many as are there without
   * waiting for more; to undefined at the end, and where it waits when the part is closed. One
   * call at a time. `into` has room for 64 KiB at the least, and is the reader's: it is not kept.
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined>;
  /** Bytes of `bytesTotal` that were read so far. */
  bytesRead(): number;
  /**
   * What was done to the file while it was read to its end: it was `written` to, or has `grown` too;
   * undefined for what is no file.
   */
  fate?(): "same" | "written" | "grown" | undefined;
  /**
   * What it is read from, where that is seekable: lines or CSV of a file that is not
   * compressed.
   */
  readonly file?: PartFile | undefined;
  /** Stops reading and lets go of the file; may be called again, and while a read waits. */
  close(): Promise<void>;
}

/** Rows, in one or several parts. */
export interface Source {
  /** What stands in the load row. */
  readonly name: string;
  /** Whether the name says nothing of the content: such a source is never known again. */
  readonly anonymous?: boolean;
  /** The sum over its parts, where every part knows it; it may be known only once `parts` began. */
  readonly bytesTotal?: number | undefined;
  /** The same before anything is read, where no part is compressed: how much there is to load. */
  readonly plainBytes?: number | undefined;
  /** Columns with their types, where the source itself knows them (AST does). */
  readonly columns?: readonly Column[];
  /** The table that its rows go to when the user names none. */
  readonly table?: string;
  /**
   * Types of values that JSON has no kind for and that the source has written as strings so far, by
   * column: a moment, bytes, NaN. Where a type is to be inferred, a column whose strings all have the
   * form of its one type is of that type.
   */
  readonly kinds?: ReadonlyMap<string, ReadonlySet<ColumnType>> | undefined;
  /** Whether it writes bytes itself, as hex behind `\x`. */
  readonly hexBytes?: boolean;
  /** Files that it reads, or `-`; none may be written to while it is loaded. */
  readonly files?: readonly string[];
  /** The parts, in a fixed order. */
  parts(): AsyncIterable<SourcePart>;
}
