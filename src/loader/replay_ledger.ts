/**
 * Which rows of a load's rejects are in, by the ledger of their replay.
 *
 * Each attempt at a row is a batch of its own, whose number is made of the row's and the attempt's.
 * An attempt is made only where the ledger has every one before it as refused, and the ledger takes
 * each number once: so a row is in once at the most, also where two replays run at the same time.
 */
import type { LedgerBatch } from "../backend.ts";
import { LoadError } from "../errors.ts";

/** Attempts at one row. Numbers of batches stay exact up to the row 9 · 10^12. */
const ATTEMPTS_MAX = 1_000;

/** See the head of this file. */
export class ReplayLedger {
  readonly #attempts = new Map<number, number>();
  readonly #in = new Set<number>();

  /** What the ledger has. */
  constructor(batches: readonly Pick<LedgerBatch, "sequence" | "counts">[]) {
    for (const batch of batches) this.add(batch);
  }

  /** Takes note of an attempt. */
  add({ sequence, counts }: Pick<LedgerBatch, "sequence" | "counts">): void {
    const ordinal = Math.floor(sequence / ATTEMPTS_MAX);
    const attempts = sequence % ATTEMPTS_MAX + 1;
    this.#attempts.set(ordinal, Math.max(attempts, this.#attempts.get(ordinal) ?? 0));
    if (counts.rejected === 0) this.#in.add(ordinal);
  }

  /** Whether the row of that number is in. */
  has(ordinal: number): boolean {
    return this.#in.has(ordinal);
  }

  /** The number of the batch for the next attempt at a row. @throws {LoadError} `usage` */
  next(ordinal: number): number {
    const attempts = this.#attempts.get(ordinal) ?? 0;
    if (attempts < ATTEMPTS_MAX) return ordinal * ATTEMPTS_MAX + attempts;
    throw new LoadError(
      `Row ${ordinal} was refused ${ATTEMPTS_MAX} times: take its line out of the file`,
      { code: "usage", blame: "data" },
    );
  }
}
