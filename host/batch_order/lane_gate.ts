/**
 * Says which batches of a load may be sent. A batch that is to be tried alone waits until every batch
 * before it is settled; until it is through, none behind it is sent.
 */
export class LaneGate {
  /** Batches that were given and are not settled. */
  readonly #open = new Set<number>();
  readonly #alone = new Set<number>();
  readonly #listeners: (() => void)[] = [];
  #sent = 0;

  /** Is told whenever something may be sent that might not before. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** A batch was given. */
  open(sequence: number): void {
    this.#open.add(sequence);
  }

  /** A batch is to be tried alone. */
  isolate(sequence: number): void {
    this.#alone.add(sequence);
  }

  /** Whether a batch may be sent now. */
  admits(sequence: number): boolean {
    const first = lowest(this.#alone);
    if (first === undefined) return true;
    if (sequence !== first) return sequence < first;
    return this.#sent === 0 && lowest(this.#open) === first;
  }

  /** A batch is on its way. */
  enter(): void {
    this.#sent++;
  }

  /** The answer to a batch has come. */
  leave(): void {
    this.#sent--;
  }

  /** A batch will not be sent again. */
  settle(sequence: number): void {
    this.#open.delete(sequence);
    this.#alone.delete(sequence);
  }

  /** Lets everybody look again. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function lowest(numbers: ReadonlySet<number>): number | undefined {
  let low: number | undefined;
  for (const number of numbers) if (low === undefined || number < low) low = number;
  return low;
}
