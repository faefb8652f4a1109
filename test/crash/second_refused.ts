/**
 * A second program begins a load into a database that one process at a time may open: it is refused
 * with a reason before it has written a row, and the first one comes to its end.
 */
import { problemsAtEnd } from "./check.ts";
import { startHeld } from "./disturbed_run.ts";
import type { LoadCase } from "./load_case.ts";
import { describe, run } from "./program.ts";
import { incomplete, sourceOf, type Trial, withPlace } from "./trial.ts";

const CASE: LoadCase = {
  name: "append, held",
  mode: "append",
  connections: 1,
  rows: 400,
  batchRows: 50,
};

/** Runs the scenario. */
export async function refuseSecond(trial: Trial): Promise<void> {
  const source = await sourceOf(trial, CASE);
  await withPlace(trial, CASE, async (place) => {
    const options = { place, source, load: CASE };
    const running = await startHeld(trial, { ...options, batches: 3 });
    const second = await run(options);
    const { error } = second.report ?? {};
    const told = second.status === 1 && error?.code === "connection_failed" &&
      /another process/i.test(error.message);
    await running.letGo();
    trial.counters.faults++;
    trial.counters.fail(`${trial.family}, second loader`, [
      ...running.problems,
      ...told ? [] : [`the second loader was not told why: ${describe(second)}`],
      ...incomplete(await running.run),
    ]);
    trial.counters.fail(`${trial.family}, second loader`, await problemsAtEnd(options));
  });
}
