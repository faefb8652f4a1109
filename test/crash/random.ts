/** Random numbers that come again with their seed. */

/** One sequence of them; Mulberry32, by Tommy Ettinger. */
export class Random {
  #state: number;

  /** A seed that was printed brings the same numbers again. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, but without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 up to, but without, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** A number from `low` up to, but without, `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** One of several. */
  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** So many of several, in their order. */
  some<T>(values: readonly T[], count: number): T[] {
    let wanted = count;
    return values.filter((_, i) => {
      if (this.next() * (values.length - i) >= wanted) return false;
      wanted--;
      return true;
    });
  }
}
