/**
 * What the ledger has of a load that goes on, by where its batches stand in the source.
 *
 * Batches are known by part and range, never by their number alone: a file that has grown is followed
 * by other files whose batches have the next numbers already.
 */
import type { LedgerBatch, RowCounts } from "../model/backend.ts";
import { lineOfRow, rowCount } from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";
import type { BatchBound, RawBatch } from "../batching/batcher.ts";
import { differenceOfLengths, firstDifference } from "./row_marks.ts";

/** Hashes the rows of a batch as the ledger does. */
export type HashRows = (rows: Pick<RawBatch, "bytes" | "offsets">) => {
  readonly hex: string;
  readonly marks: Uint8Array;
};

/** What the ledger has where a batch of the source begins. */
export type Taken =
  | { readonly kind: "same"; readonly entry: LedgerBatch }
  /** The batch that was loaded is not what stands there now. */
  | { readonly kind: "changed"; readonly entry: LedgerBatch; readonly marks: Uint8Array };

/** The batches of a part, by their offsets. */
interface LedgerPart {
  readonly batches: readonly LedgerBatch[];
  /** So many of them were met in the source. */
  met: number;
}

/** What the ledger has of a load that goes on, by where its batches stand in the source. */
export class LedgerIndex {
  readonly #parts = new Map<string, LedgerPart>();
  readonly #numbers = new Set<number>();
  readonly #hash: HashRows;
  /** The number of the batch before. */
  #last = -1;
  #highest = -1;

  /** An index of the batches that are in. */
  constructor(batches: readonly LedgerBatch[], hash: HashRows) {
    this.#hash = hash;
    const byOffset = batches.toSorted((a, b) => a.byteOffset - b.byteOffset);
    for (const [part, own] of Map.groupBy(byOffset, ({ part }) => part)) {
      this.#parts.set(part, { batches: own, met: 0 });
    }
    for (const { sequence } of batches) {
      this.#numbers.add(sequence);
      this.#highest = Math.max(this.#highest, sequence);
    }
  }

  /** Whether all that the ledger has was met. */
  get isThrough(): boolean {
    return this.#parts.values().every(({ batches, met }) => met === batches.length);
  }

  /**
   * Where the batch has to end that starts at an offset of a part: where the ledger's does that starts
   * there, or, in a gap, where the next one starts at the latest.
   */
  endOf(part: string, offset: number): BatchBound | undefined {
    const next = this.#nextOf(part);
    if (!next) return undefined;
    return next.byteOffset > offset
      ? { end: next.byteOffset, exact: false }
      : { end: next.byteEnd, exact: true };
  }

  /** The ledger's word on a batch of the source; undefined where it is not in. */
  take(batch: RawBatch): Taken | undefined {
    const entry = this.#nextOf(batch.part);
    if (!entry || entry.byteOffset > batch.byteOffset) return undefined;
    const { bytes, offsets } = batch;
    const length = entry.byteEnd - entry.byteOffset;
    const { hex, marks } = this.#hash({ bytes: bytes.subarray(0, length), offsets });
    if (hex !== entry.contentHash || !isSameRange(entry, batch)) {
      return { kind: "changed", entry, marks };
    }
    this.#parts.get(batch.part)!.met++;
    this.#last = entry.sequence;
    return { kind: "same", entry };
  }

  /** The number of a batch that is not in: the one behind the batch before, where that is free. */
  numberOf(): number {
    const next = this.#last + 1;
    this.#last = this.#numbers.has(next) ? this.#highest + 1 : next;
    this.#numbers.add(this.#last);
    this.#highest = Math.max(this.#highest, this.#last);
    return this.#last;
  }

  /**
   * To be called once the source is at its end.
   *
   * @throws {LoadError} `source_changed` where a part that was opened is shorter than the ledger says, or
   * has no rows at all
   */
  checkEnd(opened: ReadonlySet<string>): void {
    for (const [name, { batches, met }] of this.#parts) {
      const missing = batches[met];
      if (!missing || !opened.has(name)) continue;
      throw new LoadError(
        `The source has changed since it was loaded: ${name} ends before byte ` +
          `${missing.byteOffset}, where rows begin that are committed. ${WAY_OUT}`,
        { code: "source_changed", blame: "data" },
      );
    }
  }

  #nextOf(part: string): LedgerBatch | undefined {
    const found = this.#parts.get(part);
    return found?.batches[found.met];
  }
}

const WAY_OUT =
  "What is in stays. Put the rows as they are now in its place with --mode replace, or update it with " +
  "--mode upsert and --key; --fresh loads all of them once more, beside those that are in";

function isSameRange(known: LedgerBatch, batch: RawBatch): boolean {
  const { bytes, byteOffset, tooLarge } = batch;
  const length = known.byteEnd - known.byteOffset;
  // The last line may have got its line end since.
  const sameSize = tooLarge === undefined
    ? length <= bytes.length && bytes.subarray(length).every((byte) => byte === 10 || byte === 13)
    : length === tooLarge;
  return known.byteOffset === byteOffset && sameSize && known.counts.read === rowCount(batch);
}

/** The error for a batch that has changed; `marks` are those of the ledger, where it has any. */
export function changedError(
  batch: RawBatch,
  { entry, marks }: Taken & { readonly kind: "changed" },
  known: Uint8Array | undefined,
): LoadError {
  const rows = rowCount(batch);
  const { read } = entry.counts;
  const range = read === rows
    ? known ? firstDifference(rows, known, marks) : { from: 0, to: rows }
    : known
    ? differenceOfLengths({ rows: read, marks: known }, { rows, marks })
    : { from: 0 };
  return new LoadError(
    `The source has changed since it was loaded: ${batch.part}, ${
      placeOf(batch, range)
    }. ${WAY_OUT}`,
    { code: "source_changed", blame: "data" },
  );
}

function placeOf(batch: RawBatch, { from, to }: ReturnType<typeof differenceOfLengths>): string {
  if (to === undefined) {
    return `the first row that differs is that of line ${lineOfRow(batch, from)} or one behind it`;
  }
  const [first, last] = [from, to - 1].map((row) => lineOfRow(batch, row));
  return first === last
    ? `the first row that differs is that of line ${first} (row ${
      batch.ordinal + from
    } of the load)`
    : `the first row that differs is one of lines ${first} to ${last} (rows ` +
      `${batch.ordinal + from} to ${batch.ordinal + to - 1} of the load)`;
}

/** The sum of counts. */
export function sumOf(counts: Iterable<RowCounts>): RowCounts {
  const sum = { read: 0, committed: 0, superseded: 0, rejected: 0 };
  for (const { read, committed, superseded, rejected } of counts) {
    sum.read += read;
    sum.committed += committed;
    sum.superseded += superseded;
    sum.rejected += rejected;
  }
  return sum;
}
