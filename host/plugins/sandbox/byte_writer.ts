/** Writes the binary format of WebAssembly: Core Specification 2.0, chapter 5. */

/** Bytes that grow as they are written. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** A writer that is expected to write so many bytes. */
  constructor(expectedBytes: number) {
    this.#bytes = new Uint8Array(Math.max(16, expectedBytes));
  }

  /** Bytes that were written. */
  get length(): number {
    return this.#length;
  }

  /** What was written; nothing is written afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Bytes as they stand. */
  raw(bytes: ArrayLike<number>): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** One byte. */
  byte(byte: number): this {
    this.#room(1);
    this.#bytes[this.#length++] = byte;
    return this;
  }

  /** An unsigned number of up to 32 bits, in LEB128. */
  u32(value: number): this {
    this.#room(5);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** A number that is not negative and below 2^53, in signed LEB128. */
  positive(value: number): this {
    this.#room(9);
    let rest = value;
    for (; rest >= 0x40; rest = Math.floor(rest / 0x80)) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** A name. */
  name(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u32(bytes.length).raw(bytes);
  }

  /** A section, or a function body: its size, then what it holds. */
  sized(content: Uint8Array): this {
    return this.u32(content.length).raw(content);
  }

  #room(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
