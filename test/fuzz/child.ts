/**
 * The process that cases run in: they may end it, or never end. Before each it writes the case's number,
 * so that whoever waits knows which one it was; at the end its counts, as JSON.
 */
import { grammars } from "./judge.ts";
import { type Lane, openLane } from "./lane.ts";
import { emptyTally, FINDINGS_MAX } from "./case_counts.ts";

/** Cases of one process. */
export interface CaseRange {
  readonly lane: Lane;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** Cases between two looks at the memory. */
const LOOK_EVERY = 500;

if (import.meta.main) await main(JSON.parse(Deno.args[0]!) as CaseRange);

async function main({ lane, seed, from, to }: CaseRange): Promise<void> {
  const cases = await openLane(lane, { seed, judge: await grammars() });
  const counts = emptyTally();
  for (let index = from; index < to && counts.findings.length < FINDINGS_MAX; index++) {
    say(`${index}\n`);
    const { outcome, findings, slowestMs } = await cases(index);
    counts.cases++;
    counts.outcomes[outcome] = (counts.outcomes[outcome] ?? 0) + 1;
    counts.findings.push(...findings.map((says) => ({ index, says })));
    if (slowestMs > counts.slowest.ms) counts.slowest = { ms: slowestMs, index };
    if (index % LOOK_EVERY === 0) {
      counts.rssMax = Math.max(counts.rssMax, Deno.memoryUsage().rss);
    }
  }
  say(`${JSON.stringify(counts)}\n`);
}

function say(line: string): void {
  let rest = new TextEncoder().encode(line);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}
