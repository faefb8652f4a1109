/** What many cases came to. */

/** Something that must not be, and the case that brings it back. */
export interface Finding {
  readonly index: number;
  readonly says: string;
}

/** What many cases came to; it goes from process to process as JSON. */
export interface CaseCounts {
  cases: number;
  readonly outcomes: Record<string, number>;
  readonly findings: Finding[];
  /** The slowest thing that was asked, and in which case. */
  slowest: { ms: number; index: number };
  /** Bytes of memory that a process had at the most. */
  rssMax: number;
}

/** Findings after which it is enough. */
export const FINDINGS_MAX = 20;

/** Nothing yet. */
export function emptyTally(): CaseCounts {
  return { cases: 0, outcomes: {}, findings: [], slowest: { ms: 0, index: 0 }, rssMax: 0 };
}

/** Adds what another has. */
export function addTally(sum: CaseCounts, more: CaseCounts): void {
  sum.cases += more.cases;
  for (const [outcome, count] of Object.entries(more.outcomes)) {
    sum.outcomes[outcome] = (sum.outcomes[outcome] ?? 0) + count;
  }
  sum.findings.push(...more.findings);
  if (more.slowest.ms > sum.slowest.ms) sum.slowest = more.slowest;
  sum.rssMax = Math.max(sum.rssMax, more.rssMax);
}
