/** Somebody else holds a lock for a while: the load waits, or tries again, and completes. */
import { problemsAtEnd } from "./check.ts";
import type { LoadCase } from "./load_case.ts";
import type { Place } from "./place.ts";
import { run, start } from "./program.ts";
import { incomplete, sourceOf, type Trial, withPlace } from "./trial.ts";

/** How long a session waits that is to give up and to be tried again. */
const IMPATIENT_MS = 150;

/** As many rows as take a second or so, so that the lock comes in the middle. */
const CASE: LoadCase = {
  name: "append, lock held",
  mode: "append",
  connections: 1,
  rows: 100_000,
  batchRows: 1_000,
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
    const release = await trial.crash.hold(place);
    const timer = setTimeout(() => void release(), heldMs);
    const outcome = await run({ place, source, load });
    clearTimeout(timer);
    await release();
    const early = outcome.seconds * 1000 < heldMs ? ["the load did not meet the lock"] : [];
    trial.tally.faults++;
    trial.tally.fail(where, [...early, ...incomplete(outcome)]);
    trial.tally.fail(where, await problemsAtEnd({ place, source, load }));
  });
}

/** Where sessions wait for a shorter time than the lock is held, batches are tried again. */
async function lockedMidway(trial: Trial, heldMs: number): Promise<void> {
  const load = CASE;
  const source = await sourceOf(trial, load);
  await withPlace(trial, load, async (place) => {
    const where = `${trial.family}, lock held midway`;
    const args = trial.crash.impatient(IMPATIENT_MS);
    const running = start({ place, source, load, args });
    while (await rowsIn(place) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const release = await trial.crash.hold(place);
    const rows = await rowsIn(place);
    await new Promise((resolve) => setTimeout(resolve, heldMs));
    await release();
    const outcome = await running.run;
    const late = rows === load.rows ? ["the load had ended before the lock was held"] : [];
    trial.tally.faults++;
    trial.tally.fail(where, [...late, ...incomplete(outcome)]);
    trial.tally.fail(where, await problemsAtEnd({ place, source, load }));
  });
}

async function rowsIn(place: Place): Promise<number> {
  const ledger = "_snakepipe_batch";
  if (!(await place.tables()).includes(ledger)) return 0;
  const [row] = await place.rows(
    `SELECT CAST(coalesce(sum(committed), 0) AS text) FROM ${place.sqlName(ledger)}`,
  );
  return Number(row![0]);
}
