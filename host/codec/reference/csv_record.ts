/**
 * Reads CSV as in RFC 4180, strictly: a quote stands only around a field or doubled within one, and
 * every record has as many fields as the header. Lines end with LF, CRLF, CR, or the end of the bytes.
 */
import type { RecordFormat } from "../../../src/model/batch.ts";
import { CellSpans, ESCAPED, type Fault, FIELD, NON_ASCII, NONE, NUL } from "./cell_span.ts";
import type { RecordReader } from "./cell_span.ts";
import { NOT_UTF8, utf8End } from "./utf8.ts";

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Reads CSV as in RFC 4180, strictly: a quote stands only around a field or doubled within one, and
 * every record has as many fields as the header.
 */
export class CsvRecordReader implements RecordReader {
  readonly #bytes: Uint8Array;
  readonly #delimiter: number;
  readonly #nullText: Uint8Array;
  /** The column of each field; -1 where the field is no column. */
  readonly #columns: readonly number[];
  /** The first field that is no column, from 0; -1 where every one is. */
  readonly #unknown: number;
  /** The cells of the record that was read last. */
  readonly spans: CellSpans;
  #fault: Fault | undefined;
  /** Kind and flags, start and end of the field that was read last. */
  #kind: number = NONE;
  #start = 0;
  #end = 0;

  /** A reader of `bytes` for columns of these names. Of two fields with one name the last one wins. */
  constructor(
    bytes: Uint8Array,
    names: readonly string[],
    format: Extract<RecordFormat, { kind: "csv" }>,
  ) {
    this.#bytes = bytes;
    this.#delimiter = format.delimiter.charCodeAt(0);
    this.#nullText = new TextEncoder().encode(format.nullText);
    const columnOf = new Map(names.map((name, column) => [name, column]));
    this.#columns = format.header.map((name) => columnOf.get(name) ?? -1);
    this.#unknown = format.header.findIndex((name) => !columnOf.has(name));
    this.spans = new CellSpans(names.length);
  }

  /** Reads one record. */
  read(from: number, to: number): Fault | undefined {
    this.spans.clear();
    const end = this.#fields(from, to);
    if (end < 0) return this.#fault;
    const rest = this.#lineEnds(end, to);
    if (rest < to) {
      this.#malformed("The record goes on after its end", rest);
      return this.#fault;
    }
    if (this.#unknown < 0) return undefined;
    // By its number: in a file without a header, its name is a value.
    return {
      code: "unknown_field",
      message: `Field ${this.#unknown + 1} of the header is no column`,
    };
  }

  /** Where something else than line ends stands. */
  #lineEnds(at: number, to: number): number {
    while (at < to && (this.#bytes[at] === LF || this.#bytes[at] === CR)) at++;
    return at;
  }

  /** Reads all fields; returns the end of the last one, or -1. */
  #fields(from: number, to: number): number {
    const { kinds, starts, ends } = this.spans;
    const columns = this.#columns;
    let at = from;
    for (let field = 0;; field++) {
      if (field === columns.length) {
        return this.#malformed(`The record has more than ${columns.length} fields`, at);
      }
      const quoted = at < to && this.#bytes[at] === QUOTE;
      const end = quoted ? this.#quoted(at + 1, to) : this.#plain(at, to);
      if (end < 0) return -1;
      const column = columns[field]!;
      if (column >= 0) {
        kinds[column] = this.#kind;
        starts[column] = this.#start;
        ends[column] = this.#end;
      }
      if (end < to && this.#bytes[end] === this.#delimiter) {
        at = end + 1;
      } else if (field + 1 < columns.length) {
        return this.#malformed(`The record has fewer than ${columns.length} fields`, end);
      } else {
        return end;
      }
    }
  }

  /** Reads an unquoted field up to the delimiter or the end of the line. */
  #plain(from: number, to: number): number {
    const bytes = this.#bytes;
    const delimiter = this.#delimiter;
    let kind = FIELD;
    let at = from;
    while (at < to) {
      const c = bytes[at]!;
      if (c === delimiter || c === LF) break;
      if (c >= 0x80) {
        kind |= NON_ASCII;
        at = utf8End(bytes, at, to);
        if (at < 0) return this.#invalid(from, to);
        continue;
      }
      if (c === QUOTE) return this.#malformed("A quote stands in a field without quotes", at);
      if (c === CR) {
        if (bytes[at + 1] === LF || this.#lineEnds(at, to) === to) break;
        return this.#malformed("A carriage return stands in a field without quotes", at);
      }
      if (c === 0) kind |= NUL;
      at++;
    }
    this.#kind = this.#isNull(from, at) ? NONE : kind;
    this.#start = from;
    this.#end = at;
    return at;
  }

  /** Reads a quoted field whose opening quote stands before `from`. */
  #quoted(from: number, to: number): number {
    const bytes = this.#bytes;
    let kind = FIELD;
    let at = from;
    while (at < to) {
      const c = bytes[at]!;
      if (c === QUOTE) {
        if (at + 1 >= to || bytes[at + 1] !== QUOTE) return this.#close(kind, from, at, to);
        kind |= ESCAPED;
        at += 2;
      } else if (c >= 0x80) {
        kind |= NON_ASCII;
        at = utf8End(bytes, at, to);
        if (at < 0) return this.#invalid(from, to);
      } else {
        if (c === 0) kind |= NUL;
        at++;
      }
    }
    return this.#malformed("A quoted field is not closed", from - 1);
  }

  #close(kind: number, from: number, at: number, to: number): number {
    this.#kind = kind;
    this.#start = from;
    this.#end = at;
    const after = at + 1;
    const c = after < to ? this.#bytes[after] : LF;
    if (c === this.#delimiter || c === LF || c === CR) return after;
    return this.#malformed("Something stands after a closing quote", after);
  }

  #isNull(from: number, to: number): boolean {
    const text = this.#nullText;
    if (to - from !== text.length) return false;
    for (let i = 0; i < text.length; i++) {
      if (this.#bytes[from + i] !== text[i]) return false;
    }
    return true;
  }

  /** The field that begins at `from` is not valid UTF-8: finds out where. */
  #invalid(from: number, to: number): -1 {
    let at = from;
    while (at < to) {
      const next = this.#bytes[at]! < 0x80 ? at + 1 : utf8End(this.#bytes, at, to);
      if (next < 0) break;
      at = next;
    }
    this.#fault = { code: "encoding", message: NOT_UTF8, at };
    return -1;
  }

  #malformed(message: string, at: number): -1 {
    this.#fault = { code: "malformed", message, at };
    return -1;
  }
}

/** Writes a quoted field to the start of `out`, doubled quotes made single; returns its length. */
export function unquoteCsv(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  for (let at = from; at < to; at++) {
    const c = bytes[at]!;
    out[length++] = c;
    if (c === QUOTE) at++;
  }
  return length;
}
