/** A batch that has its place. */
export interface RowPlace {
  /** Rows of it, once they are known; nobody asks for its own place any more then. */
  rows: number | undefined;
  /** The same, once they were counted. */
  counted?: number;
  /** Counts them, where somebody has to know. */
  count(): Promise<number>;
}

/** The numbers of first rows, where it is not known of every batch before how many rows it has. */
export class RowPlaces {
  /** Rows of the batches before those that are open. */
  #rows = 0;
  /** From the first one on whose rows are not known. */
  readonly #open: RowPlace[] = [];

  /** Adds the batch that comes next. */
  add(place: RowPlace): void {
    this.#open.push(place);
    this.#settle();
  }

  /** It is known how many rows a batch has. */
  know(place: RowPlace, rows: number): void {
    place.rows = rows;
    this.#settle();
  }

  /** The number of the first row of a batch, from 0; of the one that comes next by default. */
  async before(place?: RowPlace): Promise<number> {
    let rows = this.#rows;
    for (const open of [...this.#open]) {
      if (open === place) break;
      rows += open.rows ?? (open.counted ??= await open.count());
    }
    return rows;
  }

  #settle(): void {
    while (this.#open[0]?.rows !== undefined) this.#rows += this.#open.shift()!.rows!;
  }
}
