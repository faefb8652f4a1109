/** What a test file reports, and what it counts for. */

/** What the process of a test file says of it. */
export interface FileReport {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that were not run. */
  readonly skipped: readonly string[];
}

/** A test that was not run. */
export interface SkippedTest {
  readonly name: string;
  /** Why; undefined where nobody has said it. */
  readonly reason: string | undefined;
}

/** Counts of one or more test files; a step counts as a test. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
}

/** How the name of a skipped test ends: `test/support/test_where.ts` writes it. */
const REASON = /^(.*) \(skipped: (.*)\)$/s;

/** Nothing ran. */
export const NOTHING: Counts = { passed: 0, failed: 0, skipped: [] };

/** The counts of a report. A test that is skipped without a reason has failed. */
export function countsOf({ passed, failed, skipped }: FileReport): Counts {
  const named = skipped.map(skippedTest);
  const nameless = named.filter(({ reason }) => reason === undefined).length;
  return { passed, failed: failed + nameless, skipped: named };
}

/** The sum of both. */
export function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
  };
}

function skippedTest(text: string): SkippedTest {
  const [, name = text, reason] = REASON.exec(text) ?? [];
  return { name, reason };
}
