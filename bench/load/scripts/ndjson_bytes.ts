/**
 * NDJSON to the text format of COPY without objects, in plain JavaScript: the most that one would do
 * by hand. It relies on every row having the table's columns in their order, as rows that a program
 * wrote have; a row that has not is refused.
 */
import { Buffer } from "node:buffer";
import type { Job } from "./job.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const TAB = 0x09;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const LETTER_F = 0x66;

const TEXT_ESCAPES = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Encodes pieces of whole lines. */
export class NdjsonEncoder {
  readonly #keys: readonly Uint8Array[];
  #in: Uint8Array = new Uint8Array();
  #at = 0;
  #out: Buffer = Buffer.alloc(0);
  #end = 0;
  #rows = 0;

  constructor({ columns }: Job) {
    this.#keys = columns.map(({ name }, i) => Buffer.from(`${i === 0 ? "{" : ","}"${name}":`));
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  /** The lines as COPY text, in memory of its own. */
  encode(lines: Uint8Array): Uint8Array {
    this.#in = lines;
    this.#at = this.#end = 0;
    // A backslash takes two bytes at the most, and names of columns are longer than that.
    this.#out = Buffer.allocUnsafe(lines.length * 2);
    while (this.#at < lines.length) this.#row();
    return this.#out.subarray(0, this.#end);
  }

  #row(): void {
    for (let column = 0; column < this.#keys.length; column++) {
      if (column > 0) this.#out[this.#end++] = TAB;
      this.#key(this.#keys[column]!);
      this.#value();
    }
    if (this.#in[this.#at] !== CLOSE_BRACE || this.#in[this.#at + 1] !== NEWLINE) this.#refuse();
    this.#at += 2;
    this.#out[this.#end++] = NEWLINE;
    this.#rows++;
  }

  #key(key: Uint8Array): void {
    const input = this.#in;
    const at = this.#at;
    for (let i = 0; i < key.length; i++) if (input[at + i] !== key[i]) this.#refuse();
    this.#at = at + key.length;
  }

  #value(): void {
    switch (this.#in[this.#at]) {
      case QUOTE:
        return this.#string();
      case LETTER_N:
        this.#at += 4;
        this.#out[this.#end++] = BACKSLASH;
        this.#out[this.#end++] = 0x4e;
        return;
      case LETTER_T:
        this.#at += 4;
        this.#out[this.#end++] = LETTER_T;
        return;
      case LETTER_F:
        this.#at += 5;
        this.#out[this.#end++] = LETTER_F;
        return;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        return this.#nested();
      default:
        return this.#number();
    }
  }

  #string(): void {
    const input = this.#in;
    const out = this.#out;
    let at = this.#at + 1;
    let end = this.#end;
    for (let byte = input[at]!; byte !== QUOTE; byte = input[++at]!) {
      if (byte === BACKSLASH) return this.#escapedString();
      out[end++] = byte;
    }
    this.#at = at + 1;
    this.#end = end;
  }

  #escapedString(): void {
    const input = this.#in;
    let at = this.#at + 1;
    while (input[at] !== QUOTE) at += input[at] === BACKSLASH ? 2 : 1;
    const json = Buffer.from(input.buffer, input.byteOffset + this.#at, at + 1 - this.#at);
    const text = JSON.parse(json.toString()) as string;
    this.#end += this.#out.write(text.replace(TEXT_ESCAPES, (c) => ESCAPES[c]!), this.#end);
    this.#at = at + 1;
  }

  #number(): void {
    const input = this.#in;
    let byte = input[this.#at]!;
    while (byte !== COMMA && byte !== CLOSE_BRACE) {
      this.#out[this.#end++] = byte;
      byte = input[++this.#at]!;
    }
  }

  /** JSON has no raw control characters, so that backslashes are all that COPY would misread. */
  #nested(): void {
    const input = this.#in;
    const out = this.#out;
    let at = this.#at;
    let end = this.#end;
    let depth = 0;
    let inString = false;
    do {
      const byte = input[at++]!;
      out[end++] = byte;
      if (byte === BACKSLASH) {
        out[end++] = BACKSLASH;
        const escaped = input[at++]!;
        out[end++] = escaped;
        if (escaped === BACKSLASH) out[end++] = BACKSLASH;
      } else if (byte === QUOTE) inString = !inString;
      else if (inString) continue;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    } while (depth > 0);
    this.#at = at;
    this.#end = end;
  }

  #refuse(): never {
    throw new Error(`Row ${this.#rows + 1} has not the columns of the table in their order`);
  }
}
