/**
 * Reads the binary format of WebAssembly from bytes of which nothing is known: Core Specification 2.0,
 * chapter 5. Every read is within bounds, or a {@linkcode DecodeError}.
 */

/** A module that is outside of what is let in; the message says what was met. */
export class DecodeError extends Error {}

/** Bytes that are no module; the message says what was met. */
export class MalformedError extends DecodeError {}

/** Ends decoding: nothing could read this. @throws {MalformedError} */
export function malformed(what: string): never {
  throw new MalformedError(what);
}

/** Ends decoding: this is not let in. @throws {DecodeError} */
export function refuse(what: string): never {
  throw new DecodeError(what);
}

const NAME_BYTES_MAX = 512;
const NAME_DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the binary format of WebAssembly from bytes of which nothing is known. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  /** Reads `bytes` from `start` to `end`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Where the next byte is, counted from the start of the module. */
  get at(): number {
    return this.#at;
  }

  /** Where reading ends. */
  get end(): number {
    return this.#end;
  }

  /** One byte. */
  byte(): number {
    if (this.#at >= this.#end) malformed("an end in the middle");
    return this.bytes[this.#at++]!;
  }

  /** An unsigned number of up to 32 bits, in LEB128; `fail` is called for a longer one. */
  u32(fail: (what: string) => never = malformed): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte >= 0x80) continue;
      if (value > 0xffff_ffff) break;
      return value;
    }
    return fail("a number longer than 32 bits");
  }

  /** Passes over a number in LEB128 of at most `bits` bits, signed or not. */
  skipNumber(bits: 32 | 33 | 64): void {
    for (let left = Math.ceil(bits / 7); left > 0; left--) if (this.byte() < 0x80) return;
    malformed(`a number longer than ${bits} bits`);
  }

  /** Passes over so many bytes. */
  skip(length: number): void {
    if (length > this.#end - this.#at) malformed("an end in the middle");
    this.#at += length;
  }

  /** A reader of the next so many bytes, which this one passes over. */
  slice(length: number): ByteReader {
    const start = this.#at;
    this.skip(length);
    return new ByteReader(this.bytes, start, this.#at);
  }

  /** A name, in strict UTF-8. */
  name(): string {
    const length = this.u32();
    if (length > NAME_BYTES_MAX) refuse(`a name of ${length} bytes`);
    const start = this.#at;
    this.skip(length);
    try {
      return NAME_DECODER.decode(this.bytes.subarray(start, this.#at));
    } catch {
      return malformed("a name that is not UTF-8");
    }
  }

  /** The length of a vector. */
  count(countMax: number, what: string): number {
    const count = this.u32();
    if (count > countMax) refuse(`${count} ${what}, at most ${countMax}`);
    return count;
  }

  /** A vector. */
  list<T>(countMax: number, what: string, read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.count(countMax, what); left > 0; left--) items.push(read());
    return items;
  }
}
