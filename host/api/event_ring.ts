/**
 * What has happened lately in a program that runs, for who asks.
 *
 * Invariants
 * - Events are numbered from 1, without a gap; the last so many are kept, however many readers there are.
 * - A reader holds nothing but the number that it has come to.
 */
import { LIMITS } from "../../src/model/limits.ts";
import type { World } from "../../src/model/world.ts";
import type { ProgramEvent } from "./answer_schema.ts";

/** What an event is about. */
export type EventAbout = Omit<ProgramEvent, "number" | "at" | "text">;

/** What has happened lately in a program that runs. */
export class EventRing {
  readonly #world: Pick<World, "now">;
  readonly #max: number;
  /** The oldest first, or what came round behind what is as old as {@linkcode EventRing.oldest}. */
  readonly #events: ProgramEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #last = 0;

  /** Begins with none; keeps 1,000 by default. */
  constructor(world: Pick<World, "now">, max: number = LIMITS.eventsMax) {
    this.#world = world;
    this.#max = max;
  }

  /** The number of the newest; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** The number of the oldest that is kept; one more than the last where none is. */
  get oldest(): number {
    return this.#last - this.#events.length + 1;
  }

  /** Something has happened. */
  add(text: string, about: EventAbout): void {
    const number = ++this.#last;
    const at = new Date(this.#world.now()).toISOString();
    const { length } = text;
    const shown = length > LIMITS.eventTextMax ? `${text.slice(0, LIMITS.eventTextMax)}…` : text;
    const event: ProgramEvent = { number, at, ...about, text: shown };
    this.#events[(number - 1) % this.#max] = event;
    for (const listener of this.#listeners) listener();
  }

  /**
   * Up to so many of those behind a number that are still there, the oldest first; all by default. A
   * number that there was not yet is one of a program before this one: all are behind it.
   */
  since(number: number, max: number = this.#max): ProgramEvent[] {
    const from = Math.max(number > this.#last ? 0 : number, this.oldest - 1);
    const count = Math.min(max, this.#last - from);
    return Array.from({ length: count }, (_, i) => this.#events[(from + i) % this.#max]!);
  }

  /** Resolves as soon as there is one behind a number, after so long, or once the signal is aborted. */
  async beyond(
    number: number,
    { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
  ): Promise<void> {
    if (this.#last > number || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    this.#listeners.add(stop);
    signal.addEventListener("abort", stop);
    const timer = setTimeout(stop, ms);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    this.#listeners.delete(stop);
  }
}
