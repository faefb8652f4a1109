/**
 * Buffers of batches that are done, for batches to come. Without it a load leaves one dead buffer
 * of megabytes behind for every batch, in two threads, until a collector finds the time.
 *
 * They are as large as the largest batch may be until it is known how large batches are: memory that
 * nothing was ever written to is not taken from the system. All are of one size; what is given back
 * of another size is freed at once.
 */

/** How large buffers are. */
export interface BufferSize {
  /** As far as is known. */
  readonly bytes: number;
  /** The most that they grow to. */
  readonly bytesMax: number;
}

/** Keeps a few buffers for the next batches. */
export class BufferPool {
  #bytes: number;
  #bytesMax: number;
  readonly #countMax: number;
  readonly #spare: ArrayBuffer[] = [];

  /** Buffers of `bytesMax`; up to `countMax` spare ones are kept, 4 by default. */
  constructor(bytesMax: number, countMax = 4) {
    this.#bytes = this.#bytesMax = bytesMax;
    this.#countMax = countMax;
  }

  /** The size of the buffers. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A buffer that nobody else has. Not zeroed. */
  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(this.#bytes));
  }

  /** Takes a buffer back that nobody uses any more. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength === this.#bytes && this.#spare.length < this.#countMax) {
      this.#spare.push(buffer);
    } else if (!buffer.detached) {
      buffer.transfer(0);
    }
  }

  /** Makes buffers of another size from now on. */
  resize({ bytes, bytesMax }: BufferSize): void {
    this.#bytesMax = bytesMax;
    this.#bytes = Math.min(bytes, bytesMax);
    for (const buffer of this.#spare.splice(0)) this.give(buffer);
  }

  /** A buffer as large as the others with the same content, twice as large; so are those to come. */
  enlarge(buffer: ArrayBuffer): Uint8Array<ArrayBuffer> {
    const bytes = buffer.byteLength * 2;
    if (this.#bytes < this.#bytesMax) this.resize({ bytes, bytesMax: this.#bytesMax });
    // The smaller one is freed at once.
    return new Uint8Array(buffer.transfer(bytes));
  }
}
