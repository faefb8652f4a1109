/**
 * The process that cases run in: they may end it, or never end. Before each it writes the case's number,
 * so that whoever waits knows which one it was; at the end its counters, as JSON.
 */
import { grammars } from "./judge.ts";
import { type Lane, openLane } from "./lane.ts";
import { emptyTally, FINDINGS_MAX } from "./tally.ts";

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
  const counters = emptyTally();
  for (let index = from; index < to && counters.findings.length < FINDINGS_MAX; index++) {
    say(`${index}\n`);
    const { outcome, findings, slowestMs } = await cases(index);
    counters.cases++;
    counters.outcomes[outcome] = (counters.outcomes[outcome] ?? 0) + 1;
    counters.findings.push(...findings.map((says) => ({ index, says })));
    if (slowestMs > counters.slowest.ms) counters.slowest = { ms: slowestMs, index };
    if (index % LOOK_EVERY === 0) {
      counters.rssMax = Math.max(counters.rssMax, Deno.memoryUsage().rss);
    }
  }
  say(`${JSON.stringify(counters)}\n`);
}

function say(line: string): void {
  let rest = new TextEncoder().encode(line);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}
