import type { Batch } from "../../../src/model/batch.ts";
import type { Codec, CopyEncoder, CopyOptions } from "../../codec/codec.ts";
import { checkRead, type PrepareOptions } from "./row_writer.ts";

/**
 * The rows of a batch as pieces of what a bulk statement reads: the first is made beforehand, each
 * other one while the one before it is on its way.
 */
export class CopiedRows {
  /** What makes them. */
  readonly encoder: CopyEncoder;
  readonly #options: PrepareOptions;
  #first: Uint8Array | undefined;

  /** Makes the first piece. */
  constructor(
    codec: Codec,
    batch: Batch,
    { copy, ...options }: PrepareOptions & { readonly copy: CopyOptions },
  ) {
    this.encoder = codec.copy(batch, copy);
    this.#options = options;
    this.#first = this.encoder.next();
  }

  /** Whether rows are refused, or vary, so that no more of them are to be sent. */
  get failed(): boolean {
    return this.encoder.varies || this.encoder.rejects.length > this.#options.rejectsMax;
  }

  /** The next piece, with `PIECE_HEADROOM` free bytes at its start; undefined at the end. */
  next(): Uint8Array | undefined {
    const first = this.#first;
    if (first) {
      this.#first = undefined;
      return first;
    }
    const piece = this.encoder.next();
    this.#options.meanwhile?.();
    return piece;
  }

  /** Where they failed: reads on, only to name every row. @throws {RowsVary}, {RowsRejected} */
  check(): void {
    if (!this.failed) return;
    while (this.encoder.next());
    checkRead(this.encoder, this.#options.rejectsMax);
  }
}
