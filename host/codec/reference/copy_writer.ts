/**
 * A growing buffer of PostgreSQL's COPY text format (manual, COPY, "Text Format"). Fields are written
 * whole; the caller writes separators between them.
 */
import { HEX_DIGITS } from "./hex_text.ts";

const BACKSLASH = 0x5c;

/** Spans from this length on are copied by the engine; shorter ones cost less byte by byte. */
const LONG = 64;

/** The letter that stands after a backslash for each byte that must be escaped; 0 for all others. */
const LETTERS = new Uint8Array(256);
for (
  const [byte, letter] of [[8, "b"], [9, "t"], [10, "n"], [13, "r"]] as const
) {
  LETTERS[byte] = letter.charCodeAt(0);
}
LETTERS[BACKSLASH] = BACKSLASH;

/** A growing buffer of PostgreSQL's COPY text format (manual, COPY, "Text Format"). */
export class CopyWriter {
  #out: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Bytes written. May be set back to an earlier value, to take back what was written since. */
  length = 0;

  /** Begins again, in the same buffer where it has room for `bytes`. */
  restart(bytes: number): void {
    this.length = 0;
    if (this.#out.length < bytes) this.#out = new Uint8Array(bytes);
  }

  /** What was written: a view of the buffer, until the next restart. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#out.subarray(0, this.length);
  }

  /** One byte as it is: a separator or a line end. */
  byte(byte: number): void {
    this.#reserve(1);
    this.#out[this.length++] = byte;
  }

  /** The mark of NULL: `\N`. */
  null(): void {
    this.#reserve(2);
    this.#out[this.length++] = BACKSLASH;
    this.#out[this.length++] = 0x4e;
  }

  /** Bytes that need no escape. */
  copy(src: Uint8Array, from: number, to: number): void {
    const count = to - from;
    this.#reserve(count);
    const out = this.#out;
    let at = this.length;
    if (count < LONG) {
      for (let i = from; i < to; i++) out[at++] = src[i]!;
    } else {
      out.set(src.subarray(from, to), at);
    }
    this.length += count;
  }

  /** Bytes of text, escaped where COPY asks for it. */
  escape(src: Uint8Array, from: number, to: number): void {
    this.#reserve(2 * (to - from));
    const out = this.#out;
    let at = this.length;
    for (let i = from; i < to; i++) {
      const c = src[i]!;
      const letter = LETTERS[c]!;
      if (letter !== 0) {
        out[at++] = BACKSLASH;
        out[at++] = letter;
      } else {
        out[at++] = c;
      }
    }
    this.length = at;
  }

  /** Bytes as `bytea` in hex format, its own backslash escaped. */
  bytea(src: Uint8Array, from: number, to: number): void {
    this.#reserve(3 + 2 * (to - from));
    const out = this.#out;
    let at = this.length;
    out[at++] = BACKSLASH;
    out[at++] = BACKSLASH;
    out[at++] = 0x78;
    for (let i = from; i < to; i++) {
      out[at++] = HEX_DIGITS[src[i]! >> 4]!;
      out[at++] = HEX_DIGITS[src[i]! & 15]!;
    }
    this.length = at;
  }

  /** A whole number from 0 to 2^53 - 1, in digits. */
  digits(value: number): void {
    let count = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) count++;
    this.#reserve(count);
    let at = this.length + count;
    this.length = at;
    for (let rest = value; count > 0; count--) {
      const shorter = Math.floor(rest / 10);
      this.#out[--at] = 0x30 + (rest - shorter * 10);
      rest = shorter;
    }
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#out.length) return;
    const grown = new Uint8Array(Math.ceil((this.length + count) * 1.5));
    grown.set(this.#out.subarray(0, this.length));
    this.#out = grown;
  }
}
