/** Work that is under way: the one limit of what a load has in hand at once. */
export class ConcurrencyLimit {
  readonly #countMax: number;
  readonly #open = new Set<Promise<void>>();
  #failed: { error: unknown } | undefined;

  /** Up to `countMax` pieces of work at once. */
  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** Begins a piece of work, for which there is room. */
  begin(work: () => Promise<void>): void {
    const piece: Promise<void> = work()
      .catch((error) => void (this.#failed ??= { error }))
      .finally(() => this.#open.delete(piece));
    this.#open.add(piece);
  }

  /** Waits until there is room for a further piece. @throws what a piece has thrown first */
  async room(): Promise<void> {
    while (this.#open.size >= this.#countMax) await Promise.race(this.#open);
    this.#check();
  }

  /** Waits for all of it. @throws what a piece has thrown first */
  async all(): Promise<void> {
    await this.settled();
    this.#check();
  }

  /** Waits for all of it, whatever becomes of it. */
  async settled(): Promise<void> {
    await Promise.all(this.#open);
  }

  #check(): void {
    if (this.#failed) throw this.#failed.error;
  }
}
