import type { LedgerBatch } from "../model/backend.ts";

/**
 * What became of a row.
 *
 * - `left_out`: its batch is in, without it
 * - `in`: it is in
 * - `open`: no batch that is in holds it
 * - `unknown`: its batch is in and has left out rows, but the ledger does not say which
 */
export type RowFate = "left_out" | "in" | "open" | "unknown";

/** What a load's ledger says of single rows: which of them its batches have left out. */
export class LeftOut {
  readonly #parts = new Map<string, readonly LedgerBatch[]>();
  readonly #leftOut = new Map<LedgerBatch, ReadonlySet<number>>();

  /** What the batches of a ledger say. */
  constructor(batches: readonly LedgerBatch[]) {
    const byOffset = batches.toSorted((a, b) => a.byteOffset - b.byteOffset);
    for (const [part, own] of Map.groupBy(byOffset, ({ part }) => part)) this.#parts.set(part, own);
  }

  /** What became of the row that starts at a byte of a part. */
  of(part: string, byte: number): RowFate {
    const batch = this.batchOf(part, byte);
    if (!batch) return "open";
    if (batch.counts.rejected === 0) return "in";
    if (!batch.leftOut) return "unknown";
    let rows = this.#leftOut.get(batch);
    if (!rows) this.#leftOut.set(batch, rows = new Set(batch.leftOut));
    return rows.has(byte) ? "left_out" : "in";
  }

  /** The batch that is in and holds such a row. */
  batchOf(part: string, byte: number): LedgerBatch | undefined {
    const batch = lastAtOrBefore(this.#parts.get(part) ?? [], byte);
    return batch && byte < batch.byteEnd ? batch : undefined;
  }
}

/** The last of some batches, which stand in their order, that begins at a byte or before it. */
function lastAtOrBefore(batches: readonly LedgerBatch[], byte: number): LedgerBatch | undefined {
  let from = 0;
  let to = batches.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (batches[middle]!.byteOffset <= byte) from = middle + 1;
    else to = middle;
  }
  return batches[from - 1];
}
