/** When a load is due, by the words of cron, in the time zone of this machine. */
import { Cron } from "croner";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import type { World } from "../../src/model/world.ts";

/** Between looks at the clock: it may be set, and a machine may sleep. */
const LOOK_MS = 30_000;

/** Calls back whenever the words say, until it is stopped. A time that was slept through counts once. */
export class Schedule implements Disposable {
  readonly #cron: Cron;
  readonly #world: World;
  readonly #stop = new AbortController();
  #next: number | undefined;

  /** Begins. @throws {LoadError} `config_invalid` for words that are none of cron's */
  constructor(words: string, { world, onDue }: { readonly world: World; onDue(): void }) {
    this.#world = world;
    try {
      this.#cron = new Cron(words, { paused: true });
    } catch (error) {
      throw new LoadError(`Schedule cannot be read: ${messageOf(error)}`, {
        code: "config_invalid",
        blame: "config",
      });
    }
    void this.#run(onDue);
  }

  /** When it is due next, in milliseconds since the epoch; undefined where it is no more. */
  get next(): number | undefined {
    return this.#next;
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #run(onDue: () => void): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      const from = this.#world.now();
      this.#next = this.#cron.nextRun(new Date(from))?.getTime();
      if (this.#next === undefined) return;
      for (let left; (left = this.#next - this.#world.now()) > 0;) {
        try {
          await this.#world.sleep(Math.min(left, LOOK_MS), signal);
        } catch {
          return;
        }
      }
      if (signal.aborted) return;
      onDue();
    }
  }
}
