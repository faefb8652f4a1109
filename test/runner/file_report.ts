/** Reads what `deno test --junit-path` has written about one test file. */

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

/** The counts of a report's text. A test that is skipped without a reason has failed. */
export function readReport(junit: string): Counts {
  let counts = NOTHING;
  for (const [suite] of junit.matchAll(/<testsuite .*?>/gs)) {
    const number = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const failed = number("failures") + number("errors");
    const passed = number("tests") - number("disabled") - failed;
    counts = add(counts, { passed, failed, skipped: [] });
  }
  const skipped = [...junit.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<skipped/g)]
    .map(([, name]) => skippedTest(unescape(name!)));
  const nameless = skipped.filter(({ reason }) => reason === undefined).length;
  return add(counts, { passed: 0, failed: nameless, skipped });
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

function unescape(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replaceAll(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return characters[name] ?? whole;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16));
    },
  );
}
