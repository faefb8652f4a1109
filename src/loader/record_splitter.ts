/**
 * Finds where records end, in bytes that become more as they are read.
 *
 * Invariants:
 * - what is found depends on the bytes alone, never on how many of them are looked at in one call
 * - every byte is looked at once
 */
import type { RecordFormat } from "../batch.ts";
import { byteFinder, FIND_BYTES_MAX } from "./byte_finder.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const TAB = 0x09;
const SPACE = 0x20;

/** Bytes that a splitter can look at in one call. */
export const SPLIT_BYTES_MAX = FIND_BYTES_MAX;

/** See the head of this file. It begins at the start of a record. */
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
}

/** The splitter for a format. */
export function createSplitter(format: RecordFormat): RecordSplitter {
  return format.kind === "ndjson" ? new NdjsonSplitter() : new CsvSplitter(format.delimiter);
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
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      // White space of JSON.
      if (byte > SPACE || byte !== SPACE && byte !== NEWLINE && byte !== RETURN && byte !== TAB) {
        return false;
      }
    }
    return true;
  }
}

/**
 * RFC 4180: a quote opens a field only at its start, and two of them within it stand for one. An
 * empty line is blank; one of white space is a record of one field.
 */
class CsvSplitter implements RecordSplitter {
  #ends = new Uint32Array(64);
  #lines = new Uint32Array(64);
  readonly #finder = byteFinder();
  readonly #delimiter: number;
  #quoted = false;
  /** Whether the byte before the next one is a quote that closed a field, unless one more follows. */
  #closed = false;
  /** Line ends within the record that goes on. */
  #linesOpen = 0;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  get ends(): Uint32Array {
    return this.#ends;
  }

  get lines(): Uint32Array {
    return this.#lines;
  }

  split(bytes: Uint8Array, from: number, to: number): number {
    const count = this.#finder.find(bytes, { from, to, first: NEWLINE, second: QUOTE });
    this.#makeRoom(count);
    const places = this.#finder.places;
    const ends = this.#ends;
    const lines = this.#lines;
    let records = 0;
    let closed = this.#closed ? from : -1;
    let quoted = this.#quoted;
    let linesOpen = this.#linesOpen;
    for (let i = 0; i < count; i++) {
      const behind = places[i]!;
      const at = behind - 1;
      if (bytes[at] === NEWLINE) {
        linesOpen++;
        if (quoted) continue;
        ends[records] = behind;
        lines[records++] = linesOpen;
        linesOpen = 0;
      } else if (quoted) {
        quoted = false;
        closed = behind;
      } else if (at === closed || this.#isFieldStart(bytes, at)) {
        quoted = true;
      }
    }
    this.#closed = !quoted && closed === to;
    this.#quoted = quoted;
    this.#linesOpen = linesOpen;
    return records;
  }

  isBlank(bytes: Uint8Array, from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
      if (bytes[at] !== NEWLINE && bytes[at] !== RETURN) return false;
    }
    return true;
  }

  /** Outside of quotes: there a line end is the end of a record. */
  #isFieldStart(bytes: Uint8Array, at: number): boolean {
    return at === 0 || bytes[at - 1] === this.#delimiter || bytes[at - 1] === NEWLINE;
  }

  #makeRoom(records: number): void {
    if (records <= this.#ends.length) return;
    const room = 2 ** Math.ceil(Math.log2(records));
    this.#ends = new Uint32Array(room);
    this.#lines = new Uint32Array(room);
  }
}
