import type { World } from "../../src/model/world.ts";

/** A world that a test holds in its hand: time passes only when it says so. */
export class ManualWorld implements World {
  #ms = 0;
  #sleepers: { until: number; wake: () => void; fail: (reason: unknown) => void }[] = [];

  now(): number {
    return this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  random(): number {
    return 0.5;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { until: this.#ms + ms, wake: resolve, fail: reject };
    this.#sleepers.push(sleeper);
    signal?.addEventListener("abort", () => {
      this.#sleepers = this.#sleepers.filter((s) => s !== sleeper);
      reject(signal.reason);
    }, { once: true });
    return promise;
  }

  /** How many are asleep. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** Lets time pass, waking whoever is due, in order; lets what they start run before it returns. */
  async pass(ms: number): Promise<void> {
    const end = this.#ms + ms;
    for (;;) {
      await settle();
      const next = this.#sleepers.filter((s) =>
        s.until <= end
      ).sort((a, b) => a.until - b.until)[0];
      if (!next) break;
      this.#sleepers = this.#sleepers.filter((s) => s !== next);
      this.#ms = next.until;
      next.wake();
    }
    this.#ms = end;
    await settle();
  }
}

/** Lets everything run that only waits for its turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}
