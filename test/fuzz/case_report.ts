/** What became of one case. */
export interface CaseReport {
  /** In a word or two: what shares are counted by. */
  readonly outcome: string;
  /** What must not be; mostly nothing. */
  readonly findings: readonly string[];
  /** The slowest thing that was asked. */
  readonly slowestMs: number;
  /** The case itself, for whoever looks at it alone. */
  readonly shown: () => string;
}
