/**
 * Reads NDJSON: one object a record, its members matched to columns by name.
 *
 * Records of a source mostly keep one order of keys. So the reader remembers which column came after
 * which, and compares the bytes of the key with that column's name before it looks any further.
 */
import { elementEnd } from "../../../src/model/batch.ts";
import { CellSpans, ESCAPED, type Fault, NONE, type RecordReader, STRING } from "./cell_span.ts";
import { JsonScanner } from "./json_scanner.ts";
import { unescapeJson } from "./json_text.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** How records are read. */
export interface JsonReaderOptions {
  /** What a record is, where it is no line; see `RecordFormat`. */
  readonly records?: "elements" | "objects" | undefined;
  /** Each record leaves its keys there that are no columns, in their order. */
  readonly unknowns?: Set<string>;
}

/** Reads NDJSON: one object a record, its members matched to columns by name. */
export class JsonRecordReader implements RecordReader {
  readonly #bytes: Uint8Array;
  readonly #scanner = new JsonScanner();
  readonly #columns = new Map<string, number>();
  /** Names as they stand between quotes; empty where a name cannot stand there unescaped. */
  readonly #names: Uint8Array[] = [];
  /** Column expected after the one before, at index + 1; at 0, the first column of a record. */
  readonly #next: number[] = [0];
  /** The column whose key was read last, or -1. */
  #column = -1;
  /** The first key of the record that is no column. */
  #unknown: string | undefined;
  /** All of them, each once, where somebody wants to know. */
  readonly #unknowns: Set<string> | undefined;
  /** Whether records stand with what is between the elements of an array. */
  readonly #elements: boolean;
  #spans: CellSpans;

  /** A reader of `bytes` for columns of these names. */
  constructor(bytes: Uint8Array, names: readonly string[], options: JsonReaderOptions = {}) {
    this.#bytes = bytes;
    this.#unknowns = options.unknowns;
    this.#elements = options.records === "elements";
    for (const name of names) this.#add(name);
    this.#spans = new CellSpans(names.length);
  }

  /** The cells of the record that was read last. */
  get spans(): CellSpans {
    return this.#spans;
  }

  /** Adds columns; the record that was read last has to be read again. */
  addColumns(names: Iterable<string>): void {
    for (const name of names) this.#add(name);
    this.#spans = new CellSpans(this.#names.length);
  }

  /** Reads one record. An unknown field is reported by its whole name, once the record is well-formed. */
  read(from: number, to: number): Fault | undefined {
    const scanner = this.#scanner;
    if (this.#elements) to = elementEnd(this.#bytes, from, to);
    scanner.open(this.#bytes, to);
    this.#spans.clear();
    this.#unknown = undefined;
    this.#unknowns?.clear();
    const at = this.#object(scanner.space(from));
    if (at < 0) return scanner.fault;
    if (at !== to) {
      scanner.malformed("Something stands after the object", at);
      return scanner.fault;
    }
    if (this.#unknown === undefined) return undefined;
    return {
      code: "unknown_field",
      message:
        "The record has a field that is not among the columns of this load, or that the table " +
        "computes by itself",
      column: this.#unknown,
    };
  }

  #add(name: string): void {
    const column = this.#names.length;
    this.#columns.set(name, column);
    const bytes = encoder.encode(name);
    const plain = bytes.every((c) => c >= 0x20 && c !== QUOTE && c !== BACKSLASH);
    this.#names.push(plain ? bytes : new Uint8Array(0));
    this.#next.push(column + 1);
  }

  /** Reads the object that begins at `at`, and the white space after it. */
  #object(at: number): number {
    const scanner = this.#scanner;
    const { kinds, starts, ends } = this.#spans;
    if (scanner.peek(at) !== 0x7b) return scanner.malformed(noObject(scanner.peek(at)), at);
    at = scanner.space(at + 1);
    if (scanner.peek(at) === 0x7d) return scanner.space(at + 1);
    let before = -1;
    while (true) {
      if (scanner.peek(at) !== QUOTE) return scanner.malformed("A key in quotes is expected", at);
      at = this.#key(at + 1, before);
      if (at < 0) return -1;
      at = scanner.space(at);
      if (scanner.peek(at) !== 0x3a) return scanner.malformed("A colon is expected", at);
      const start = scanner.space(at + 1);
      at = scanner.value(start, 1);
      if (at < 0) return -1;
      const column = this.#column;
      if (column >= 0) {
        const inner = scanner.kind === STRING ? 1 : 0;
        kinds[column] = scanner.kind === NONE ? NONE : scanner.kind | scanner.flags;
        starts[column] = start + inner;
        ends[column] = at - inner;
        before = column;
      }
      at = scanner.space(at);
      const c = scanner.peek(at);
      if (c === 0x7d) return scanner.space(at + 1);
      if (c !== 0x2c) return scanner.malformed("A comma or a closing brace is expected", at);
      at = scanner.space(at + 1);
    }
  }

  /** Reads the key whose opening quote stands before `at`, and finds its column. */
  #key(at: number, before: number): number {
    const guess = this.#next[before + 1]!;
    const name = this.#names[guess];
    if (name !== undefined && this.#stands(name, at)) {
      this.#column = guess;
      return at + name.length + 1;
    }
    const scanner = this.#scanner;
    scanner.flags = 0;
    const end = scanner.string(at);
    if (end < 0) return -1;
    const key = this.#text(at, end - 1, scanner.flags);
    this.#column = this.#columns.get(key) ?? -1;
    if (this.#column >= 0) {
      this.#next[before + 1] = this.#column;
    } else {
      this.#unknown ??= key;
      this.#unknowns?.add(key);
    }
    return end;
  }

  /** Whether the name and a closing quote stand at `at`. */
  #stands(name: Uint8Array, at: number): boolean {
    const bytes = this.#bytes;
    const length = name.length;
    if (this.#scanner.peek(at + length) !== QUOTE || length === 0) return false;
    for (let i = 0; i < length; i++) {
      if (bytes[at + i] !== name[i]) return false;
    }
    return true;
  }

  #text(from: number, to: number, flags: number): string {
    if ((flags & ESCAPED) === 0) return decoder.decode(this.#bytes.subarray(from, to));
    const scratch = new Uint8Array(to - from);
    return decoder.decode(scratch.subarray(0, unescapeJson(this.#bytes, from, to, scratch)));
  }
}

/** What to say of a record that begins with another byte. */
function noObject(first: number | undefined): string {
  switch (first) {
    case 0x5b: // [
      return "The record is not a JSON object but an array";
    case 0x3c: // <
      return "The record is not a JSON object; it seems to be HTML or XML";
    default:
      return "The record is not a JSON object";
  }
}
