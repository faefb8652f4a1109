/**
 * An instance of a plugin that is made again every so many samples. A plugin is asked a few things and
 * let go of: ours free nothing, so that a thousand plans fill what memory one may have.
 */

/** Samples that one instance is good for, of a few plans of thirteen columns each. */
const SAMPLES_MAX = 40;

/** An instance of a plugin that is made again every so many samples. */
export class Renewed<T extends { close(): Promise<void> }> {
  readonly #open: () => Promise<T>;
  #instance: T | undefined;
  #left = 0;

  /** Of whatever this opens. */
  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  /** The instance; {@linkcode Renewed.before} has made it. */
  get current(): T {
    if (!this.#instance) throw new Error("Instance is used before the first sample");
    return this.#instance;
  }

  /** Before each sample. */
  readonly before = async (): Promise<void> => {
    if (this.#left-- > 0) return;
    await this.#instance?.close();
    this.#instance = await this.#open();
    this.#left = SAMPLES_MAX;
  };
}
