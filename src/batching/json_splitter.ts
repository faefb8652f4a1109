/**
 * Finds where records of JSON end that are no lines: the elements of one array, or objects one behind
 * the other. A record goes on to where the next one begins: what stands between them, and the
 * bracket that closes the array, are its own. What stands in it is left to whoever reads it.
 */
import type { OpenRecord, RecordSplitter } from "./record_splitter.ts";

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING = 0x5b;
const BRACKET = 0x5d;
const BRACE = 0x7b;

/** Before a record, or behind one that is whole. */
const BETWEEN = 0;
const WITHIN = 1;
/** Within what is no object, and stands where one is to: it ends with its line. */
const LINE = 4;
/** Behind the array. */
const BEHIND = 2;
/** Behind the array, where something stands that is not to. */
const LOST = 3;

/** Whether nothing but white space of JSON stands there. */
export function isBlankJson(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (!isWhite(bytes[at]!)) return false;
  }
  return true;
}

/**
 * Finds where records of JSON end that are no lines: the elements of one array, or objects one
 * behind the other. Of an array, it begins behind the bracket that opens it.
 */
export class JsonSplitter implements RecordSplitter {
  #ends = new Uint32Array(0);
  #lines = new Uint32Array(0);
  readonly #elements: boolean;
  #place: number = BETWEEN;
  /** Brackets and braces that are open within the record. */
  #depth = 0;
  /** Whether it goes on within a string, and there behind a backslash. */
  #quoted = false;
  #escaped = false;
  /** Whether anything stands behind the end that was told last, and how many line ends do. */
  #begun = false;
  #linesOpen = 0;
  #linesLost = 0;

  constructor(records: "elements" | "objects") {
    this.#elements = records === "elements";
  }

  get ends(): Uint32Array {
    return this.#ends;
  }

  get lines(): Uint32Array {
    return this.#lines;
  }

  split(bytes: Uint8Array, from: number, to: number): number {
    this.#makeRoom(to - from);
    let records = 0;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (this.#place === BETWEEN && !isWhite(byte)) {
        if (this.#elements && byte === BRACKET) {
          this.#place = BEHIND;
          continue;
        }
        this.#place = this.#elements || byte === BRACE || byte === OPENING ? WITHIN : LINE;
        if (this.#begun) {
          this.#ends[records] = at;
          this.#lines[records++] = this.#linesOpen;
          this.#linesOpen = 0;
        }
      }
      this.#begun = true;
      if (byte === NEWLINE) this.#linesOpen++;
      if (this.#quoted) this.#passQuoted(byte);
      else if (this.#place === WITHIN) this.#pass(byte);
      else if (this.#place === LINE && byte === NEWLINE) this.#place = BETWEEN;
      else if (this.#place === BEHIND && !isWhite(byte)) this.#lose();
    }
    return records;
  }

  isBlank(bytes: Uint8Array, from: number, to: number): boolean {
    while (from < to && isWhite(bytes[from]!)) from++;
    // No element begins with the bracket that closes the array.
    return isBlankJson(bytes, this.#elements && bytes[from] === BRACKET ? from + 1 : from, to);
  }

  open(): OpenRecord | undefined {
    if (this.#place === LOST) {
      return { what: "something stands behind the array.", lines: this.#linesLost };
    }
    if (this.#elements) {
      // Where nothing is left, the last record was found to close the array.
      return this.#place === BEHIND || !this.#begun
        ? undefined
        : { what: "an element begins, behind which the array is not closed.", lines: 0 };
    }
    return this.#depth > 0 || this.#quoted
      ? { what: "an object begins that is not closed.", lines: 0 }
      : undefined;
  }

  #lose(): void {
    this.#place = LOST;
    this.#linesLost = this.#linesOpen;
  }

  #passQuoted(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#quoted = false;
  }

  #pass(byte: number): void {
    switch (byte) {
      case QUOTE:
        this.#quoted = true;
        break;
      case BRACE:
      case OPENING:
        this.#depth++;
        break;
      case 0x7d: // }
      case BRACKET:
        if (this.#depth > 0) {
          this.#depth--;
          if (this.#depth === 0 && !this.#elements) this.#place = BETWEEN;
        } else if (this.#elements && byte === BRACKET) {
          this.#place = BEHIND;
        }
        break;
      case COMMA:
        if (this.#elements && this.#depth === 0) this.#place = BETWEEN;
    }
  }

  /** A record has a byte at least. */
  #makeRoom(records: number): void {
    if (records <= this.#ends.length) return;
    this.#ends = new Uint32Array(records);
    this.#lines = new Uint32Array(records);
  }
}

function isWhite(byte: number): boolean {
  return byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB;
}
