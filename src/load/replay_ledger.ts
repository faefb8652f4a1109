/**
 * Which rows of a load's rejects are in, by the ledger of their replay.
 *
 * Each attempt at a row is a batch of its own, whose first byte is made of the row's place in its part
 * and of the attempt. An attempt is made only where the ledger has every one before it as refused, and
 * the ledger takes each part and first byte once: so a row is in once at the most, also where two
 * replays run at the same time.
 */
import type { LedgerBatch } from "../model/backend.ts";
import { LoadError } from "../model/errors.ts";

/** Attempts at one row. First bytes stay exact for rows in the first 9 TB of their part. */
const ATTEMPTS_MAX = 1_000;

/** What the load row of a replay calls its source. */
export function replayName(load: string): string {
  return `replay of ${load}`;
}

/** A row of a load, by where it stood. */
export interface RowPlace {
  /** The part of the source. */
  readonly part: string;
  /** Where the row starts within it; unknown where its line is of an earlier version. */
  readonly byte?: number;
  /** Number of the row within the load, by which it is known there. */
  readonly ordinal: number;
}

/** What is read of a batch of a replay. */
type Attempt = Pick<LedgerBatch, "part" | "byteOffset" | "counts">;

/** Which rows of a load's rejects are in, by the ledger of their replay. */
export class ReplayLedger {
  readonly #attempts = new Map<string, number>();
  readonly #in = new Set<string>();

  /** What the ledger has. */
  constructor(batches: readonly Attempt[]) {
    for (const batch of batches) this.add(batch);
  }

  /** Takes note of an attempt. */
  add({ part, byteOffset, counts }: Attempt): void {
    const at = Math.floor(byteOffset / ATTEMPTS_MAX);
    const row = keyOf(part, at);
    const attempts = byteOffset - at * ATTEMPTS_MAX + 1;
    this.#attempts.set(row, Math.max(attempts, this.#attempts.get(row) ?? 0));
    if (counts.rejected === 0) this.#in.add(row);
  }

  /** Whether a row is in. */
  has(row: RowPlace): boolean {
    return this.#in.has(keyOf(row.part, placeOf(row)));
  }

  /** The first byte of the batch for the next attempt at a row. @throws {LoadError} `usage` */
  next(row: RowPlace): number {
    const at = placeOf(row);
    const attempts = this.#attempts.get(keyOf(row.part, at)) ?? 0;
    if (attempts < ATTEMPTS_MAX) return at * ATTEMPTS_MAX + attempts;
    throw new LoadError(
      `Row ${row.ordinal} was refused ${ATTEMPTS_MAX} times: take its line out of the file`,
      { code: "usage", blame: "data" },
    );
  }
}

/** The two kinds of places do not meet: numbers of rows are counted below zero. */
function placeOf({ byte, ordinal }: RowPlace): number {
  return byte ?? -ordinal - 1;
}

function keyOf(part: string, at: number): string {
  return `${at} ${part}`;
}
