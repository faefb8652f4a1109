/**
 * Pseudo-random choices from a seed: equal seeds, equal choices. The generator is sfc32 of
 * Doty-Humphrey's PractRand, which is fast enough that choices never are what a test waits for.
 */

/** 2^32. */
const RANGE = 4294967296;

/** Pseudo-random choices from a seed: equal seeds, equal choices. */
export class Random {
  #a: number;
  #b: number;
  #c = 1;
  #counter = 1;

  /** Choices for a seed: a whole number from 0 to 2^32 - 1. */
  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.imul(seed, 0x9e3779b1);
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** 32 random bits, as a signed number. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }

  /** A whole number from 0 up to, but not, `count`. */
  below(count: number): number {
    return Math.floor((this.bits() >>> 0) / RANGE * count);
  }

  /** A whole number from `first` to `last`, both included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** True so often: 0 never, 1 always. */
  chance(probability: number): boolean {
    return (this.bits() >>> 0) < probability * RANGE;
  }

  /** One of the list. */
  pick<T>(list: ArrayLike<T>): T {
    return list[this.below(list.length)]!;
  }

  /** A whole number from 0 to `max`, small ones far more often than large ones. */
  small(max: number): number {
    return this.below(this.below(this.below(max + 1) + 1) + 1);
  }

  /** So many characters of an alphabet, in which each character is one UTF-16 unit. */
  letters(alphabet: string, count: number): string {
    let text = "";
    for (let i = 0; i < count; i++) text += alphabet[this.below(alphabet.length)];
    return text;
  }

  /** So many random bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i++) bytes[i] = this.bits();
    return bytes;
  }

  /** The numbers from 0 up to, but not, `count`, in some order. */
  order(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}
