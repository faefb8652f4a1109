/** Tells when something that is looked at again and again has changed, and stands still again. */
export class StandStill {
  readonly #settleMs: number;
  /** What it was when it was told last, or at first. */
  #told: string | undefined;
  /** What it is since, and since when, by `performance.now()`. */
  #pending: { readonly stamp: string; readonly since: number } | undefined;

  /** It has to stay the same for so many milliseconds. */
  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /**
   * Takes what a look has found, as a text. Returns 0 where it has changed and stood still, which is told
   * once; for how many milliseconds it has to stay so, where it has changed; undefined where it has not.
   */
  look(stamp: string): number | undefined {
    this.#told ??= stamp;
    if (stamp === this.#told) return this.#pending = undefined;
    const now = performance.now();
    if (this.#pending?.stamp !== stamp) this.#pending = { stamp, since: now };
    const leftMs = this.#settleMs - (now - this.#pending.since);
    if (leftMs > 0) return leftMs;
    this.#pending = undefined;
    this.#told = stamp;
    return 0;
  }
}
