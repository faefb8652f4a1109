/**
 * As much of Node's Buffer as the client library uses: see `about.ts`. Of encodings, it knows UTF-8,
 * and base64 where the library asks for it.
 */
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes with what the library calls on them. */
export class Buffer extends Uint8Array {
  #numbers: DataView | undefined;

  /** Zeros. */
  static alloc(length: number): Buffer {
    return new Buffer(length);
  }

  /** Zeros as well. */
  static allocUnsafe(length: number): Buffer {
    return new Buffer(length);
  }

  /** Bytes of a text in UTF-8. */
  static byteLength(text: string): number {
    return ENCODER.encode(text).length;
  }

  /** All of them, one after the other; cut to `length` bytes, where that is said. */
  static concat(parts: readonly Uint8Array[], length?: number): Buffer {
    const whole = new Buffer(length ?? parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      const room = part.subarray(0, whole.length - at);
      whole.set(room, at);
      at += room.length;
    }
    return whole;
  }

  /** The bytes of a text; a copy of bytes; the bytes of an ArrayBuffer themselves. */
  static override from(
    source: string | ArrayBuffer | ArrayLike<number> | Iterable<number>,
    encoding?: unknown,
  ): Buffer {
    if (source instanceof ArrayBuffer) return new Buffer(source);
    if (source instanceof Uint8Array) return Buffer.concat([source]);
    if (typeof source !== "string") throw new TypeError("Expected a text or bytes");
    const bytes = encoding === "base64" ? Uint8Array.fromBase64(source) : ENCODER.encode(source);
    return new Buffer(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Writes as much of a text as there is room for, whole characters only; how many bytes that were. */
  write(text: string, at: number, length: number): number {
    return ENCODER.encodeInto(text, this.subarray(at, at + length)).written;
  }

  /** Copies all of it to the beginning of another. */
  copy(to: Uint8Array): void {
    to.set(this.subarray(0, to.length));
  }

  override toString(encoding = "utf8", from = 0, to: number = this.length): string {
    const bytes = this.subarray(from, to);
    if (encoding === "base64") return bytes.toBase64();
    if (encoding === "hex") return bytes.toHex();
    return DECODER.decode(bytes);
  }

  /** Of two bytes, the higher one first. */
  readUInt16BE(at: number): number {
    return this.#view().getUint16(at);
  }

  /** Of four bytes, the highest one first. */
  readUInt32BE(at: number): number {
    return this.#view().getUint32(at);
  }

  /** The same with a sign. */
  readInt32BE(at: number): number {
    return this.#view().getInt32(at);
  }

  /** As it is read. */
  writeUInt16BE(value: number, at: number): void {
    this.#view().setUint16(at, value);
  }

  /** As it is read. */
  writeUInt32BE(value: number, at: number): void {
    this.#view().setUint32(at, value);
  }

  #view(): DataView {
    return this.#numbers ??= new DataView(this.buffer, this.byteOffset, this.length);
  }
}
