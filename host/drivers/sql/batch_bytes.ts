import type { Batch } from "../../../src/model/batch.ts";
import type { RangeBytes } from "../driver.ts";

/** The records of a batch, handed out chunk by chunk from where they are kept. */
export class BatchBytes implements RangeBytes {
  readonly length: number;
  #rest: Uint8Array<ArrayBuffer>;

  /** From the first one on. */
  constructor({ bytes }: Pick<Batch, "bytes">) {
    this.length = bytes.length;
    this.#rest = bytes;
  }

  read(into: Uint8Array<ArrayBuffer>): number {
    const chunk = this.#rest.subarray(0, into.length);
    into.set(chunk);
    this.#rest = this.#rest.subarray(chunk.length);
    return chunk.length;
  }

  close(): void {}
}
