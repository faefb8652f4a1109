/** Somebody else holds a lock for a while: the load waits, or tries again, and completes. */
import { problemsAtEnd } from "./check.ts";
import type { LoadCase } from "./load_case.ts";
import { startHeld } from "./disturbed_run.ts";
import { run } from "./program.ts";
import { incomplete, sourceOf, type Trial, withPlace } from "./trial.ts";

/** How long a session waits that is to give up and to be tried again. */
const IMPATIENT_MS = 150;

const CASE: LoadCase = {
  name: "append, lock held",
  mode: "append",
  connections: 1,
  rows: 2_000,
  batchRows: 100,
  tableThere: true,
};

/** Holds a lock from before the load's start, and another one from its middle, so long each. */
export async function holdLocks(trial: Trial, heldMs: number): Promise<void> {
  await lockedFromStart(trial, heldMs);
  await lockedMidway(trial, heldMs);
}

async function lockedFromStart(trial: Trial, heldMs: number): Promise<void> {
  const load = { ...CASE, rows: 200, batchRows: 20 };
  const source = await sourceOf(trial, load);
  await withPlace(trial, load, async (place) => {
    const where = `${trial.family}, lock held from the start`;
    const release = await trial.crash.hold!(place);
    let released = false;
    const timer = setTimeout(() => {
      released = true;
      void release();
    }, heldMs);
    const outcome = await run({ place, source, load });
    const early = released ? [] : ["the load did not meet the lock"];
    clearTimeout(timer);
    await release();
    trial.counters.faults++;
    trial.counters.fail(where, [...early, ...incomplete(outcome)]);
    trial.counters.fail(where, await problemsAtEnd({ place, source, load }));
  });
}

/** Where sessions wait for a shorter time than the lock is held, batches are tried again. */
async function lockedMidway(trial: Trial, heldMs: number): Promise<void> {
  const load = CASE;
  const source = await sourceOf(trial, load);
  await withPlace(trial, load, async (place) => {
    const where = `${trial.family}, lock held midway`;
    const args = trial.crash.impatient!(IMPATIENT_MS);
    const running = await startHeld(trial, { place, source, load, args, batches: 3 });
    const release = await trial.crash.hold!(place);
    await running.letGo();
    await new Promise((resolve) => setTimeout(resolve, heldMs));
    await release();
    const outcome = await running.run;
    trial.counters.faults++;
    trial.counters.fail(where, [...running.problems, ...incomplete(outcome)]);
    trial.counters.fail(where, await problemsAtEnd({ place, source, load }));
  });
}
