/**
 * How many rows a load may leave out before it stops.
 *
 * What decides is where rows stand in the source, and nothing else: not where batches end, nor which
 * lane is ahead, nor in how many runs a load is done. A share holds at every row: of the rows up to
 * there, of which the first {@linkcode FREE_ROWS} count as so many, no more may be left out; and at
 * the end of all that there are. So a load stops as soon as a row is known to be one too many, and a
 * batch is refused only where that is certain, whatever becomes of those that are under way.
 */
import { LoadError } from "../model/errors.ts";
import { counted, grouped } from "../model/counted.ts";
import type { RejectLimit } from "../model/reject_limit.ts";

/** No row may be left out from now on. */
export const NO_REJECTS: RejectLimit = { kind: "count", rowsMax: 0 };

/** A share is taken of so many rows at the least, until the load ends: one bad row in ten is no 10 %. */
export const FREE_ROWS = 10_000;

/** Rows of a batch, by their numbers in the load: from `from` up to `to`. */
export interface RowSpan {
  readonly from: number;
  readonly to: number;
}

/** What may be left out of a batch, as far as whoever gives the limit has to know. */
export interface Allowance {
  /** What may be left out up to its end, and what was; absent where nothing may be. */
  readonly words?: string;
  /** Rows that were left out before, by whichever run. */
  readonly before: number;
}

/** A batch that was written, and its rows that were left out; only how many, where that is all that is known. */
interface Settled {
  readonly span: RowSpan;
  readonly rejected: number;
  readonly rows?: readonly number[];
}

/** How many rows a load may leave out before it stops. */
export class RejectBudget {
  readonly #limit: RejectLimit;
  /** Rows up to here are settled, with so many left out. Batches are begun in the order of their rows. */
  #settled: { to: number; rejected: number } | undefined;
  /** What is known of batches behind a gap, by their first row. */
  readonly #ahead = new Map<number, Settled>();
  /** What is known of all batches. */
  #rejected = 0;
  /** Those of earlier runs too, where they do not count. */
  #leftOut = 0;

  /** The whole limit. */
  constructor(limit: RejectLimit) {
    this.#limit = limit;
  }

  /** Rows that a batch may leave out. */
  forBatch(span: RowSpan): number {
    this.#settled ??= { to: span.from, rejected: 0 };
    return Math.max(0, this.allowed(span.to) - this.#before(span));
  }

  /**
   * Whether these rows of a batch may be left out, as far as is known now: no certainly means no.
   * They are numbered in the load, in ascending order.
   */
  allows(span: RowSpan, rows: readonly number[]): boolean {
    return this.#isWithin(this.#before(span), rows);
  }

  /** Rows of a batch were left out. False where these are more, all in all, than may be. */
  use(span: RowSpan, rows: readonly number[]): boolean {
    const isWithin = this.allows(span, rows);
    this.#leftOut += rows.length;
    return this.#settle({ span, rejected: rows.length, rows }) && isWithin;
  }

  /**
   * An earlier run, or somebody else, has left out so many rows of a batch; where it is not known which
   * they are, they count at its end. False where these are more than may be. Where none may be left
   * out, it is those of this run that count.
   */
  useEarlier(span: RowSpan, count: number, rows?: readonly number[]): boolean {
    this.#leftOut += count;
    if (this.allowed(Infinity) === 0) return this.#settle({ span, rejected: 0 });
    return this.#settle({ span, rejected: count, ...(rows ? { rows } : {}) });
  }

  /** Whether a load of so many rows may end with so many left out. */
  allowsAtEnd(read: number): boolean {
    const { kind } = this.#limit;
    return this.#rejected <= (kind === "share" ? this.#shareOf(read) : this.allowed(read));
  }

  /** What may be left out of a batch, and what was before. */
  describe(span: RowSpan): Allowance {
    const allowed = this.allowed(span.to);
    const before = this.#leftOut;
    if (allowed === 0) return { before };
    const among = this.#limit.kind === "count" ? "all in all" : `of the first ${grouped(span.to)}`;
    const words = `${grouped(this.#before(span))} were left out before, and no more than ` +
      `${grouped(allowed)} may be, ${among}`;
    return { words, before };
  }

  /** The error for so many rows, of which more were left out than may be. */
  tooMany(read: number, { atEnd = false } = {}): LoadError {
    const isShare = this.#limit.kind === "share";
    const allowed = atEnd && isShare ? this.#shareOf(read) : this.allowed(read);
    return new LoadError(
      `${counted(this.#rejected, "row")} of ${grouped(read)} ${
        this.#rejected === 1 ? "was" : "were"
      } left out and kept, and no more than ${
        grouped(allowed)
      } may be: the load is not complete. ` +
        "The same command with a larger --max-rejects completes it",
      { code: "rows_rejected", blame: "data" },
    );
  }

  /** Rows that may be left out among the first so many. */
  allowed(rows: number): number {
    const limit = this.#limit;
    return limit.kind === "count" ? limit.rowsMax : this.#shareOf(Math.max(rows, FREE_ROWS));
  }

  /** What is known of rows before a batch. A number counts for all of the load, wherever they are. */
  #before({ from }: RowSpan): number {
    if (this.#limit.kind === "count") return this.#rejected;
    let before = this.#settled?.rejected ?? 0;
    for (const { span, rejected } of this.#ahead.values()) if (span.from < from) before += rejected;
    return before;
  }

  #isWithin(before: number, rows: readonly number[]): boolean {
    return rows.every((row, i) => before + i + 1 <= this.allowed(row + 1));
  }

  /** False where a gap has closed, and what stands behind it is now known to be too much. */
  #settle(batch: Settled): boolean {
    const settled = this.#settled ??= { to: batch.span.from, rejected: 0 };
    this.#rejected += batch.rejected;
    this.#ahead.set(batch.span.from, batch);
    let isWithin = true;
    for (let next; (next = this.#ahead.get(settled.to)) && next.span.to > settled.to;) {
      this.#ahead.delete(settled.to);
      const { span: { to }, rejected, rows = [] } = next;
      isWithin &&= this.#isWithin(settled.rejected, rows) &&
        settled.rejected + rejected <= this.allowed(to);
      settled.rejected += rejected;
      settled.to = to;
    }
    return isWithin;
  }

  #shareOf(rows: number): number {
    const { share } = this.#limit as Extract<RejectLimit, { kind: "share" }>;
    // As decimals say it: 0.29 of 100 rows are 29, though the product is a little less.
    return share === 0 ? 0 : Math.floor(rows * share * (1 + 4 * Number.EPSILON));
  }
}
