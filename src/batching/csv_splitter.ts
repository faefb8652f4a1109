/** Finds where records of CSV end. */
import type { RecordFormat } from "../model/batch.ts";
import { byteFinder } from "./byte_finder.ts";
import type { OpenRecord, RecordSplitter } from "./record_splitter.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/**
 * RFC 4180: a quote opens a field only at its start, and two of them within it stand for one. An
 * empty line is blank, unless records have one field: there it is that field, empty. A line of
 * white space is a record of one field.
 */
export class CsvSplitter implements RecordSplitter {
  #ends = new Uint32Array(64);
  #lines = new Uint32Array(64);
  readonly #finder = byteFinder();
  readonly #delimiter: number;
  readonly #lineEnd: number;
  readonly #oneField: boolean;
  #quoted = false;
  /** Whether the byte before the next one is a quote that closed a field, unless one more follows. */
  #closed = false;
  /** Line ends within the record that goes on. */
  #linesOpen = 0;
  /** The same, where a quote opened last. */
  #linesQuoted = 0;

  constructor(
    { delimiter, header, lineEnd }: Extract<RecordFormat, { readonly kind: "csv" }>,
  ) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#lineEnd = lineEnd === undefined ? NEWLINE : RETURN;
    this.#oneField = header.length === 1;
  }

  get ends(): Uint32Array {
    return this.#ends;
  }

  get lines(): Uint32Array {
    return this.#lines;
  }

  split(bytes: Uint8Array, from: number, to: number): number {
    const lineEnd = this.#lineEnd;
    const count = this.#finder.find(bytes, { from, to, first: lineEnd, second: QUOTE });
    this.#makeRoom(count);
    const places = this.#finder.places;
    const ends = this.#ends;
    const lines = this.#lines;
    let records = 0;
    let closed = this.#closed ? from : -1;
    let quoted = this.#quoted;
    let linesOpen = this.#linesOpen;
    let linesQuoted = this.#linesQuoted;
    for (let i = 0; i < count; i++) {
      const behind = places[i]!;
      const at = behind - 1;
      if (bytes[at] === lineEnd) {
        linesOpen++;
        if (quoted) continue;
        ends[records] = behind;
        lines[records++] = linesOpen;
        linesOpen = 0;
      } else if (quoted) {
        quoted = false;
        closed = behind;
      } else if (at === closed) {
        quoted = true;
      } else if (this.#isFieldStart(bytes, at)) {
        quoted = true;
        linesQuoted = linesOpen;
      }
    }
    this.#closed = !quoted && closed === to;
    this.#quoted = quoted;
    this.#linesOpen = linesOpen;
    this.#linesQuoted = linesQuoted;
    return records;
  }

  isBlank(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#oneField) return from === to;
    for (let at = from; at < to; at++) {
      if (bytes[at] !== NEWLINE && bytes[at] !== RETURN) return false;
    }
    return true;
  }

  open(): OpenRecord | undefined {
    return this.#quoted
      ? { what: "a quote opens a field and is not closed.", lines: this.#linesQuoted }
      : undefined;
  }

  /** Outside of quotes: there a line end is the end of a record. */
  #isFieldStart(bytes: Uint8Array, at: number): boolean {
    return at === 0 || bytes[at - 1] === this.#delimiter || bytes[at - 1] === this.#lineEnd;
  }

  #makeRoom(records: number): void {
    if (records <= this.#ends.length) return;
    const room = 2 ** Math.ceil(Math.log2(records));
    this.#ends = new Uint32Array(room);
    this.#lines = new Uint32Array(room);
  }
}
