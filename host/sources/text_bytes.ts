/** Text that a source writes itself, as the bytes that it is asked for. */

/** Characters that a source gathers before they become bytes. */
export const TEXT_CHARACTERS = 256 * 1024;

const encoder = new TextEncoder();

/** Encodes pieces of text one after the other; of the one in hand it keeps what found no room. */
export class TextBytes {
  readonly #next: () => Promise<string>;
  #rest = "";

  /** `next` makes the next piece; an empty one is the end. */
  constructor(next: () => Promise<string>) {
    this.#next = next;
  }

  /** See `OpenPart.read`. */
  async read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
    if (this.#rest === "") this.#rest = await this.#next();
    if (this.#rest === "") return undefined;
    const { read, written } = encoder.encodeInto(this.#rest, into);
    this.#rest = this.#rest.slice(read);
    return written;
  }
}
