/** The program is killed at moments that nobody chose, several times within one load. */
import type { LoadCase } from "./load_case.ts";
import { describe, run, start } from "./program.ts";
import {
  checkMidway,
  incomplete,
  inPairs,
  resume,
  sourceOf,
  type Trial,
  withPlace,
} from "./trial.ts";

/** The loads that are killed; each takes some seconds at the most. */
export const LARGE_CASES: readonly LoadCase[] = [
  { name: "append, large", mode: "append", connections: 1, rows: 60_000, batchRows: 1_500 },
  { name: "append, large, 2", mode: "append", connections: 2, rows: 60_000, batchRows: 1_500 },
  { name: "upsert, large", mode: "upsert", connections: 1, rows: 40_000, batchRows: 1_000 },
  {
    name: "upsert, mixed, large",
    mode: "upsert",
    connections: 1,
    rows: 20_000,
    batchRows: 1_000,
    mixed: true,
    tableThere: true,
  },
  {
    name: "replace, large",
    mode: "replace",
    connections: 1,
    rows: 40_000,
    batchRows: 1_000,
    tableThere: true,
  },
];

/** Kills of one load, before it may come to its end. */
const KILLS_OF_ONE = 3;

/** Kills so many loads of each case, three times each. */
export async function killAnyMoment(
  trial: Trial,
  { cases, loads }: { readonly cases: readonly LoadCase[]; readonly loads: number },
): Promise<void> {
  for (const load of cases) {
    const source = await sourceOf(trial, load);
    let wholeMs = 0;
    await withPlace(trial, load, async (place) => {
      const whole = await run({ place, source, load });
      trial.counters.fail(`${trial.family}, ${load.name}`, incomplete(whole));
      wholeMs = whole.seconds * 1000;
    });
    const plans = Array.from({ length: loads }, () =>
      // The first tenth is the start of the runtime.
      Array.from({ length: KILLS_OF_ONE }, () => trial.random.between(0.1, 1.05) * wholeMs));
    await inPairs(plans, (delays) =>
      withPlace(trial, load, async (place) => {
        const options = { place, source, load };
        const where = `${trial.family}, ${load.name}, killed after ${
          delays.map(Math.round).join(", ")
        } ms`;
        for (const delay of delays) {
          const running = start(options);
          const timer = setTimeout(() => running.kill(), delay);
          const outcome = await running.run;
          clearTimeout(timer);
          if (outcome.killed) trial.counters.kills++;
          else if (outcome.status !== 0) trial.counters.fail(where, [describe(outcome)]);
          await checkMidway(trial, where, { ...options, look: delay % 2 < 1 });
        }
        await resume(trial, where, options);
      }));
  }
}
