/** Work that is under way, bounded. */
export class Flight {
  readonly #countMax: number;
  readonly #open = new Set<Promise<void>>();
  #failed: { error: unknown } | undefined;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** Begins a piece of work once there is room. @throws what an earlier piece threw */
  async begin(work: () => Promise<void>): Promise<void> {
    await this.room();
    const piece: Promise<void> = work()
      .catch((error) => void (this.#failed ??= { error }))
      .finally(() => this.#open.delete(piece));
    this.#open.add(piece);
  }

  /** Waits until there is room for a further piece. @throws what an earlier piece threw */
  async room(): Promise<void> {
    while (this.#open.size >= this.#countMax) await Promise.race(this.#open);
    this.check();
  }

  /** Waits for all of it. */
  async landed(): Promise<void> {
    await Promise.all(this.#open);
  }

  /** @throws what a piece threw first */
  check(): void {
    if (this.#failed) throw this.#failed.error;
  }
}
