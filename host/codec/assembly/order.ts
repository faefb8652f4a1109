// Whether records are worth reading in one pass, which pays where their members come in the order of
// the columns. After a record that did not, some are not even tried: one, then three, then seven.

/** Records that are not tried, while those before were not in order. */
let skipped: u32 = 0;
/** How many to skip after the next failure. */
let penalty: u32 = 0;
/** Skipped at most: so often a source that came to order is found out. */
const PENALTY_MAX: u32 = 255;

/** Begins again: nothing is known of the order. */
export function expectOrder(): void {
  skipped = 0;
  penalty = 0;
}

/** Whether to try the next record. */
@inline
export function isWorthTrying(): bool {
  if (skipped == 0) return true;
  skipped--;
  return false;
}

/** Learns what became of a record that was tried. */
@inline
export function learnOrder(inOrder: bool): void {
  penalty = inOrder ? 0 : min(2 * penalty + 1, PENALTY_MAX);
  skipped = penalty;
}
