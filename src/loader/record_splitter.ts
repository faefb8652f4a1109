/**
 * Finds where records end, in bytes that come in chunks.
 *
 * Invariants:
 * - what is found depends on the bytes alone, never on where they were cut into chunks
 * - every byte is looked at once, and none is copied
 */
import type { RecordFormat } from "../batch.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
/** Behind the end of every chunk, and a small integer to V8, unlike Infinity. */
const NOWHERE = 0x3fffffff;

/** See the head of this file. One splitter reads one part, from the start of a record on. */
export interface RecordSplitter {
  /** Whether the record that ended last, or is still going on, has nothing in it so far. */
  readonly blank: boolean;
  /** Line ends within the record that ended last, its own included. */
  readonly lines: number;
  /**
   * The position after the line end of the record that goes on at `from`, or -1 where it reaches
   * beyond the chunk. After -1 the next call must bring the next chunk, from 0.
   */
  next(chunk: Uint8Array, from: number): number;
}

/** The splitter for a format. */
export function createSplitter(format: RecordFormat): RecordSplitter {
  return format.kind === "ndjson" ? new NdjsonSplitter() : new CsvSplitter(format.delimiter);
}

/** A record is a line; a line of white space is blank. */
class NdjsonSplitter implements RecordSplitter {
  blank = true;
  readonly lines = 1;
  #ended = true;

  next(chunk: Uint8Array, from: number): number {
    if (this.#ended) this.blank = true;
    const newline = chunk.indexOf(NEWLINE, from);
    this.#ended = newline >= 0;
    if (this.blank) this.blank = isSpace(chunk, from, this.#ended ? newline : chunk.length);
    return this.#ended ? newline + 1 : -1;
  }
}

/** Where a CSV record stands between two chunks. */
type CsvState = "field" | "unquoted" | "quoted" | "quote";

/**
 * RFC 4180: a quote opens a field only at its start, and two of them within it stand for one. An
 * empty line is blank; one of white space is a record of one field.
 */
class CsvSplitter implements RecordSplitter {
  blank = true;
  lines = 0;
  readonly #delimiter: number;
  #state: CsvState = "field";
  #ended = true;
  /** The next quote and line end of this chunk, so that each is searched for once. */
  #chunk: Uint8Array | undefined;
  #quote = -1;
  #newline = -1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  next(chunk: Uint8Array, from: number): number {
    if (this.#ended) this.#begin();
    this.#seek(chunk, from);
    if (this.blank) this.blank = isReturn(chunk, from, Math.min(this.#newline, chunk.length));
    for (let at = from; at < chunk.length;) {
      if (this.#state === "quoted") {
        at = this.#closeQuote(chunk, at);
      } else if (this.#state === "quote" && chunk[at] === QUOTE) {
        this.#state = "quoted";
        at++;
      } else if (this.#state === "field" && chunk[at] === QUOTE) {
        this.#state = "quoted";
        at++;
      } else {
        at = this.#leaveUnquoted(chunk, at);
        if (this.#ended) return at;
      }
    }
    return -1;
  }

  #begin(): void {
    this.#ended = false;
    this.#state = "field";
    this.blank = true;
    this.lines = 0;
  }

  #seek(chunk: Uint8Array, at: number): void {
    if (this.#chunk !== chunk) {
      this.#chunk = chunk;
      this.#quote = this.#newline = -1;
    }
    if (this.#quote < at) this.#quote = find(chunk, QUOTE, at);
    if (this.#newline < at) this.#newline = find(chunk, NEWLINE, at);
  }

  /** Passes over a quoted field, its line ends counted, to behind the next quote. */
  #closeQuote(chunk: Uint8Array, at: number): number {
    this.#seek(chunk, at);
    while (this.#newline < this.#quote && this.#newline < chunk.length) {
      this.lines++;
      this.#newline = find(chunk, NEWLINE, this.#newline + 1);
    }
    if (this.#quote === NOWHERE) return chunk.length;
    this.#state = "quote";
    return this.#quote + 1;
  }

  /** Passes over unquoted fields to the end of the record, or to behind a quote that opens one. */
  #leaveUnquoted(chunk: Uint8Array, from: number): number {
    this.#seek(chunk, from);
    while (this.#quote < this.#newline) {
      const at = this.#quote;
      if (at > from && chunk[at - 1] === this.#delimiter) {
        this.#state = "quoted";
        return at + 1;
      }
      this.#quote = find(chunk, QUOTE, at + 1);
    }
    if (this.#newline === NOWHERE) {
      this.#state = chunk[chunk.length - 1] === this.#delimiter ? "field" : "unquoted";
      return chunk.length;
    }
    this.lines++;
    this.#ended = true;
    return this.#newline + 1;
  }
}

/** Fields of CSV are short: looking at so many bytes first doubles the speed of quoted records. */
const NEAR_BYTES = 16;

function find(chunk: Uint8Array, byte: number, from: number): number {
  const near = Math.min(from + NEAR_BYTES, chunk.length);
  for (let at = from; at < near; at++) if (chunk[at] === byte) return at;
  const at = chunk.indexOf(byte, near);
  return at < 0 ? NOWHERE : at;
}

/** White space of JSON. */
function isSpace(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== RETURN) return false;
  }
  return true;
}

function isReturn(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== RETURN) return false;
  return true;
}
