/** How many rows a load may leave out before it stops. */

/** A number of rows, or a share of them. */
export type RejectLimit =
  | { readonly kind: "count"; readonly rowsMax: number }
  /** From 0 to 1, of the rows of each batch, or of {@linkcode SHARE_ROWS_MIN} where it has fewer. */
  | { readonly kind: "share"; readonly share: number };

/** No row may be left out. */
export const NO_REJECTS: RejectLimit = { kind: "count", rowsMax: 0 };

/** The least number of rows that a share is taken of: one bad row in a last batch of five is no 20 %. */
export const SHARE_ROWS_MIN = 10_000;

/** What is left of a limit. With several batches under way, each may use what was left as it began. */
export class RejectBudget {
  readonly #limit: RejectLimit;
  #used = 0;

  /** The whole limit. */
  constructor(limit: RejectLimit) {
    this.#limit = limit;
  }

  /** Rows that a batch of so many may leave out. */
  forBatch(rows: number): number {
    const limit = this.#limit;
    return limit.kind === "count"
      ? Math.max(0, limit.rowsMax - this.#used)
      : Math.floor(limit.share * Math.max(rows, SHARE_ROWS_MIN));
  }

  /** Rows were left out. False where these are more, all in all, than may be. */
  use(rows: number): boolean {
    this.#used += rows;
    return this.#limit.kind === "share" || this.#used <= this.#limit.rowsMax;
  }
}
