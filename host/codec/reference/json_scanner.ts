/**
 * A strict scanner of JSON (RFC 8259) over bytes. It builds nothing: it says where a value ends, of
 * which kind it is and what stands in its strings, or what is wrong and where.
 *
 * Methods return the index after what they read, or -1 and leave the reason in `fault`.
 */
import { LIMITS } from "../../../src/model/limits.ts";
import {
  ARRAY,
  ESCAPED,
  FALSE,
  type Fault,
  NON_ASCII,
  NONE,
  NUL,
  NUMBER,
  OBJECT,
  STRING,
  TRUE,
} from "./cell_span.ts";
import { hexDigit } from "./hex_text.ts";
import { numberEnd } from "./number_text.ts";
import { NOT_UTF8, utf8End } from "./utf8.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

const WORD_TRUE = new TextEncoder().encode("true");
const WORD_FALSE = new TextEncoder().encode("false");
const WORD_NULL = new TextEncoder().encode("null");

/** 1 for the bytes at which reading a string has to stop and look. */
const STOPS = Uint8Array.from(
  { length: 256 },
  (_, c) => c < 0x20 || c >= 0x80 || c === QUOTE || c === BACKSLASH ? 1 : 0,
);

/** A strict scanner of JSON (RFC 8259) over bytes. */
export class JsonScanner {
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  /** What was wrong, after a method returned -1. */
  fault: Fault | undefined;
  /** Kind of the value that was read last, without its flags. */
  kind: number = NONE;
  /** Flags of all strings read since the caller last set them to 0; `value` does so itself. */
  flags = 0;

  /** Points the scanner at `bytes`, up to `end`. */
  open(bytes: Uint8Array, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
  }

  /** Skips white space. Cannot fail. */
  space(at: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    while (at < end) {
      const c = bytes[at]!;
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
      at++;
    }
    return at;
  }

  /** Reads a whole text: one value, and white space around it. False, and `fault`, if it is not one. */
  document(bytes: Uint8Array, from: number, to: number): boolean {
    this.open(bytes, to);
    let at = this.value(this.space(from), 0);
    if (at < 0) return false;
    at = this.space(at);
    if (at < to) this.malformed("Something stands after the value", at);
    return at === to;
  }

  /** Reads a value that stands `depth` objects or arrays deep. */
  value(at: number, depth: number): number {
    this.flags = 0;
    return this.#value(at, depth);
  }

  /** Reads a string whose opening quote stands before `at`. */
  string(at: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let flags = 0;
    while (at < end) {
      const c = bytes[at]!;
      if (STOPS[c] === 0) {
        at++;
      } else if (c === QUOTE) {
        this.flags |= flags;
        return at + 1;
      } else if (c === BACKSLASH) {
        flags |= ESCAPED;
        at = this.#escape(at);
        if (at < 0) return -1;
      } else if (c >= 0x80) {
        flags |= NON_ASCII;
        const next = utf8End(bytes, at, end);
        if (next < 0) return this.fail("encoding", NOT_UTF8, at);
        at = next;
      } else {
        return this.malformed("A control character stands in a string", at);
      }
    }
    return this.malformed("The record ends within a string", end);
  }

  /** Notes that the record is malformed. */
  malformed(message: string, at: number): -1 {
    return this.fail("malformed", message, at);
  }

  /** Notes what is wrong, and where. */
  fail(code: "malformed" | "encoding", message: string, at: number): -1 {
    this.fault = { code, message, at };
    return -1;
  }

  /** The byte at `at`, or -1 past the end. */
  peek(at: number): number {
    return at < this.#end ? this.#bytes[at]! : -1;
  }

  #value(at: number, depth: number): number {
    switch (this.peek(at)) {
      case QUOTE:
        this.kind = STRING;
        return this.string(at + 1);
      case 0x7b:
        at = this.#object(at + 1, depth + 1);
        this.kind = OBJECT;
        return at;
      case 0x5b:
        at = this.#array(at + 1, depth + 1);
        this.kind = ARRAY;
        return at;
      case 0x74:
        this.kind = TRUE;
        return this.#word(at, WORD_TRUE);
      case 0x66:
        this.kind = FALSE;
        return this.#word(at, WORD_FALSE);
      case 0x6e:
        this.kind = NONE;
        return this.#word(at, WORD_NULL);
      default: {
        this.kind = NUMBER;
        const end = numberEnd(this.#bytes, at, this.#end);
        return end >= 0 ? end : this.malformed("A JSON value is expected", ~end);
      }
    }
  }

  #word(at: number, word: Uint8Array): number {
    for (let i = 0; i < word.length; i++) {
      if (this.peek(at + i) !== word[i]) {
        return this.malformed("A JSON value is expected", at);
      }
    }
    return at + word.length;
  }

  #object(at: number, depth: number): number {
    if (depth > LIMITS.jsonDepthMax) return this.#tooDeep(at - 1);
    at = this.space(at);
    if (this.peek(at) === 0x7d) return at + 1;
    while (true) {
      if (this.peek(at) !== QUOTE) return this.malformed("A key in quotes is expected", at);
      at = this.string(at + 1);
      if (at < 0) return -1;
      at = this.space(at);
      if (this.peek(at) !== COLON) return this.malformed("A colon is expected", at);
      at = this.#value(this.space(at + 1), depth);
      if (at < 0) return -1;
      at = this.space(at);
      const c = this.peek(at);
      if (c === 0x7d) return at + 1;
      if (c !== COMMA) return this.malformed("A comma or a closing brace is expected", at);
      at = this.space(at + 1);
    }
  }

  #array(at: number, depth: number): number {
    if (depth > LIMITS.jsonDepthMax) return this.#tooDeep(at - 1);
    at = this.space(at);
    if (this.peek(at) === 0x5d) return at + 1;
    while (true) {
      at = this.#value(this.space(at), depth);
      if (at < 0) return -1;
      at = this.space(at);
      const c = this.peek(at);
      if (c === 0x5d) return at + 1;
      if (c !== COMMA) return this.malformed("A comma or a closing bracket is expected", at);
      at++;
    }
  }

  #tooDeep(at: number): -1 {
    return this.malformed(`JSON is nested deeper than ${LIMITS.jsonDepthMax}`, at);
  }

  /** Reads the escape whose backslash stands at `at`. Surrogates must come in pairs. */
  #escape(at: number): number {
    switch (this.peek(at + 1)) {
      case QUOTE:
      case BACKSLASH:
      case 0x2f:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        return at + 2;
      case 0x75:
        break;
      default:
        return this.malformed("An unknown escape stands in a string", at);
    }
    const unit = this.#codeUnit(at);
    if (unit < 0) return -1;
    if (unit === 0) this.flags |= NUL;
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    if (unit < 0xdc00 && this.peek(at + 6) === BACKSLASH && this.peek(at + 7) === 0x75) {
      const low = this.#codeUnit(at + 6);
      if (low < 0) return -1;
      if (low >= 0xdc00 && low <= 0xdfff) return at + 12;
    }
    return this.fail("encoding", "A lone surrogate stands in a string", at);
  }

  #codeUnit(at: number): number {
    let unit = 0;
    for (let i = at + 2; i < at + 6; i++) {
      const digit = hexDigit(this.peek(i));
      if (digit < 0) return this.malformed("An escape needs four hexadecimal digits", at);
      unit = unit * 16 + digit;
    }
    return unit;
  }
}
