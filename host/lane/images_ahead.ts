/**
 * Makes images of ranges in this thread, for a worker that inserts the one before meanwhile. One is made
 * at a time; it gives the thread back after each chunk.
 */
import type { BatchRange } from "../../src/model/batch.ts";
import type { Codec, EncodedImage, ImageOptions } from "../codec/codec.ts";
import { createWasmCodec } from "../codec/wasm_codec.ts";
import { rangeOpener } from "../sources/range_bytes.ts";

/** Rooms that are kept for images to come: one is written while the next one is made. */
const SPARE_MAX = 2;

const open = rangeOpener({ blocking: false });

/** Makes images of ranges in this thread. */
export class ImagesAhead {
  readonly #options: ImageOptions;
  readonly #codec: Promise<Codec> = createWasmCodec();
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  /** The image that was begun last. */
  #last: Promise<unknown> = Promise.resolve();

  /** Images for one load. */
  constructor(options: ImageOptions) {
    this.#options = options;
    // Whoever asks for an image hears of it.
    this.#codec.catch(() => {});
  }

  /** The image of a range; undefined where there can be none. Never rejects. */
  make(range: BatchRange): Promise<EncodedImage | undefined> {
    // What cannot be read or encoded here is read as a batch, which says why.
    const image = this.#last.then(() => this.#make(range)).catch(() => undefined);
    this.#last = image;
    return image;
  }

  /** Takes the room of an image back. */
  giveBack({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (this.#spare.length < SPARE_MAX) this.#spare.push(new Uint8Array(buffer));
  }

  async #make(range: BatchRange): Promise<EncodedImage | undefined> {
    const [codec, bytes] = await Promise.all([this.#codec, open(range)]);
    if (!bytes) return undefined;
    // An image is smaller than what it is made of, as a rule; what is not touched costs nothing.
    const room = { bytes: this.#spare.pop() ?? new Uint8Array(bytes.length) };
    try {
      const image = await codec.streamImage!(range, bytes, { ...this.#options, room });
      if (!image) this.giveBack(room.bytes);
      return image;
    } finally {
      bytes.close();
    }
  }
}
