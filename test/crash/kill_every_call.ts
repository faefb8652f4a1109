/**
 * The program is killed at every call of its driver, before the call and after it; some loads once
 * more, as they are taken up again.
 */
import { callsOf, runDisturbed } from "./disturbed_run.ts";
import type { LoadCase, SourceFile } from "./load_case.ts";
import { describe } from "./program.ts";
import { checkMidway, inPairs, resume, sourceOf, type Trial, withPlace } from "./trial.ts";

/** Loads that are killed twice. */
const TWICE_SHARE = 0.25;

interface KillPoint {
  readonly at: number;
  readonly moment: "before" | "after";
  /** The call at which the second run is killed. */
  readonly again?: number;
}

/** Runs the scenario for some cases. */
export async function killEveryCall(trial: Trial, cases: readonly LoadCase[]): Promise<void> {
  const { random, pointsMax } = trial;
  for (const load of cases) {
    const source = await sourceOf(trial, load);
    const calls = await callsOf(trial, { source, load });
    const all = calls.flatMap((_, i): KillPoint[] => [
      { at: i + 1, moment: "before" },
      { at: i + 1, moment: "after" },
    ]);
    const points = random.some(all, pointsMax).map((point): KillPoint =>
      random.next() < TWICE_SHARE ? { ...point, again: 1 + random.below(calls.length) } : point
    );
    await inPairs(points, (point) => killAt(trial, point, { load, source }));
  }
}

function killAt(
  trial: Trial,
  { at, moment, again }: KillPoint,
  { load, source }: { readonly load: LoadCase; readonly source: SourceFile },
): Promise<void> {
  return withPlace(trial, load, async (place) => {
    const options = { place, source, load };
    const disturbance = { at, moment, kind: "kill" } as const;
    const { run, calls } = await runDisturbed(trial, { ...options, disturbance });
    const call = calls[at - 1] ?? "not made";
    let where = `${trial.family}, ${load.name}, killed ${moment} call ${at} (${call})`;
    if (run.killed) trial.counters.kills++;
    // With two connections, a run may make a call less than the one that was counted.
    else if (calls.length >= at) trial.counters.fail(where, [`not killed: ${describe(run)}`]);
    await checkMidway(trial, where, { ...options, look: at % 2 === 0 });
    if (again !== undefined) {
      where += `, then before call ${again}`;
      const second = { at: again, moment: "before", kind: "kill" } as const;
      const { run } = await runDisturbed(trial, { ...options, disturbance: second });
      if (run.killed) trial.counters.kills++;
    }
    await resume(trial, where, options);
  });
}
