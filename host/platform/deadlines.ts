/**
 * Deadlines of which nearly all are met: a statement takes milliseconds and may take a minute. There is
 * one timer for all of them, which goes on when one is met, and keeps the program alive only while there
 * are any.
 */
interface Deadline {
  /** By the clock of `performance.now()`. */
  readonly at: number;
  readonly missed: () => void;
}

/** Deadlines of one owner. */
export class Deadlines {
  readonly #open = new Set<Deadline>();
  #timer: { readonly at: number; readonly signal: AbortSignal } | undefined;
  #waits = false;

  /** Calls `missed` after so many milliseconds; returns what ends that. */
  begin(ms: number, missed: () => void): () => void {
    const deadline = { at: performance.now() + ms, missed };
    this.#open.add(deadline);
    this.#wait(deadline.at);
    return () => {
      this.#open.delete(deadline);
      if (this.#open.size === 0) this.#rest();
    };
  }

  /** Has a timer that ends by then. */
  #wait(at: number): void {
    if (!this.#timer || this.#timer.at > at || this.#timer.signal.aborted) {
      this.#rest();
      const ms = Math.max(0, Math.ceil(at - performance.now()));
      this.#timer = { at, signal: AbortSignal.timeout(ms) };
    }
    if (this.#waits) return;
    this.#waits = true;
    this.#timer.signal.addEventListener("abort", this.#look, { once: true });
  }

  #rest(): void {
    this.#timer?.signal.removeEventListener("abort", this.#look);
    this.#waits = false;
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    this.#waits = false;
    const now = performance.now();
    for (const deadline of [...this.#open]) {
      if (deadline.at <= now && this.#open.delete(deadline)) deadline.missed();
    }
    if (this.#open.size > 0) this.#wait(Math.min(...[...this.#open].map(({ at }) => at)));
  };
}
