/**
 * Buffers of batches that are done, for batches to come. Without it a load leaves one dead buffer
 * of megabytes behind for every batch, in two threads, until a collector finds the time: 40 MB more
 * at the peak of a load of a million rows.
 */

/** Buffers are made an eighth larger, in multiples of this: batches are nearly equal, not equal. */
const STEP_BYTES = 1024 * 1024;
const HEADROOM = 1.125;

/** Keeps a few buffers; see the head of this file. */
export class BufferPool {
  readonly #spare: ArrayBuffer[] = [];
  readonly #countMax: number;

  /** Keeps up to `countMax` spare buffers, 4 by default. */
  constructor(countMax = 4) {
    this.#countMax = countMax;
  }

  /** Bytes of the given length at the start of a buffer that nobody else has. Not zeroed. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#spare.findIndex((buffer) => buffer.byteLength >= length);
    if (at >= 0) return new Uint8Array(this.#spare.splice(at, 1)[0]!, 0, length);
    // Batches have grown: one that is too small makes room for one that is not.
    this.#spare.pop();
    const size = Math.ceil(length * HEADROOM / STEP_BYTES) * STEP_BYTES;
    return new Uint8Array(new ArrayBuffer(size), 0, length);
  }

  /** Takes a buffer back that nobody uses any more. The smallest goes when there are too many. */
  give(buffer: ArrayBuffer): void {
    this.#spare.push(buffer);
    if (this.#spare.length <= this.#countMax) return;
    this.#spare.sort((a, b) => b.byteLength - a.byteLength).pop();
  }
}
