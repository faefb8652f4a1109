/**
 * Finds where records end, in bytes that become more as they are read.
 *
 * Invariants:
 * - what is found depends on the bytes alone, never on how many of them are looked at in one call
 * - every byte is looked at once
 */
import type { RecordFormat } from "../model/batch.ts";
import { byteFinder, FIND_BYTES_MAX } from "./byte_finder.ts";
import { CsvSplitter } from "./csv_splitter.ts";
import { isBlankJson, JsonSplitter } from "./json_splitter.ts";

const NEWLINE = 0x0a;

/** Bytes that a splitter can look at in one call. */
export const SPLIT_BYTES_MAX = FIND_BYTES_MAX;

/**
 * Finds where records end, in bytes that become more as they are read. It begins at the start of a
 * record.
 */
export interface RecordSplitter {
  /** The positions behind the line ends of the records that ended last. */
  readonly ends: Uint32Array;
  /** Line ends within each of them, its own included; absent where a record is a line. */
  readonly lines?: Uint32Array;
  /**
   * Looks at the bytes from `from`, where the last call stopped, up to `to`, no more than
   * {@linkcode SPLIT_BYTES_MAX}; those before `from` may be looked at again. Returns how many
   * records end there. What they say in {@linkcode RecordSplitter.ends} is overwritten as soon as
   * another splitter looks.
   */
  split(bytes: Uint8Array, from: number, to: number): number;
  /** Whether there is nothing in a record, or in as much of it as there is. */
  isBlank(bytes: Uint8Array, from: number, to: number): boolean;
  /**
   * What is not whole where the bytes end that were looked at, and may so have taken in records that
   * follow it; absent where a record is a line.
   */
  open?(): OpenRecord | undefined;
}

/** Something in a record that goes on until it is closed. */
export interface OpenRecord {
  /** A sentence behind the words "In line 5". */
  readonly what: string;
  /** Lines from the start of the record to where it opened. */
  readonly lines: number;
}

/** The splitter for a format. */
export function createSplitter(format: RecordFormat): RecordSplitter {
  if (format.kind === "csv") return new CsvSplitter(format);
  return format.records === undefined ? new NdjsonSplitter() : new JsonSplitter(format.records);
}

/** A record is a line; a line of white space is blank. */
class NdjsonSplitter implements RecordSplitter {
  readonly #finder = byteFinder();

  get ends(): Uint32Array {
    return this.#finder.places;
  }

  split(bytes: Uint8Array, from: number, to: number): number {
    return this.#finder.find(bytes, { from, to, first: NEWLINE, second: NEWLINE });
  }

  isBlank(bytes: Uint8Array, from: number, to: number): boolean {
    return isBlankJson(bytes, from, to);
  }
}
