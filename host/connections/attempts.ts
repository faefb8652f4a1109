/** How often something is tried that failed for a while, and how long to wait in between. */
import { ExponentialBackoff, fullJitterGenerator, type IBackoff } from "cockatiel";

/** How often a batch, or the end of a load, is tried. */
export const ATTEMPTS_MAX = 12;

/** Waits of 50 ms on average before the second attempt, and of 7.5 s before the ninth and those behind it. */
const BACKOFF = new ExponentialBackoff<number>({
  generator: fullJitterGenerator,
  initialDelay: 100,
  maxDelay: 15_000,
});

/** Waits for the next attempt, longer each time. */
export class Attempts {
  #made = 0;
  #backoff: IBackoff<unknown> | undefined;

  /** Whether there may be a further one. */
  get left(): boolean {
    return this.#made + 1 < ATTEMPTS_MAX;
  }

  /** Milliseconds until the next one, at the least `afterMs`. */
  next(afterMs: number): number {
    this.#made++;
    this.#backoff = this.#backoff ? this.#backoff.next(undefined) : BACKOFF.next();
    return Math.max(afterMs, this.#backoff.duration);
  }
}
