/**
 * Which batches of a load may be written now. One that is to be tried alone waits until every batch that
 * was given before it is settled; until it is through, none that was given behind it is begun.
 */
export class LaneGate {
  /** Places of the batches that were given and are not settled, rising. */
  readonly #open = new Set<number>();
  readonly #alone = new Set<number>();
  #given = 0;
  #writing = 0;
  #change = Promise.withResolvers<void>();

  /** A batch was given. Returns its place in the order of all. */
  open(): number {
    const place = this.#given++;
    this.#open.add(place);
    return place;
  }

  /** A batch is to be tried alone. */
  isolate(place: number): void {
    this.#alone.add(place);
  }

  /** Waits until a batch may be written; it is being written then, until {@linkcode LaneGate.leave}. */
  async enter(place: number): Promise<void> {
    while (!this.#admits(place)) await this.#change.promise;
    this.#writing++;
  }

  /** The answer to a batch has come. */
  leave(): void {
    this.#writing--;
    this.#changed();
  }

  /** A batch will not be written again. */
  settle(place: number): void {
    this.#open.delete(place);
    this.#alone.delete(place);
    this.#changed();
  }

  #admits(place: number): boolean {
    const first = Math.min(...this.#alone);
    if (place !== first) return place < first;
    const [lowest] = this.#open;
    return this.#writing === 0 && lowest === first;
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
