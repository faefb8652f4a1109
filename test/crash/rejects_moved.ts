/**
 * Somebody moves, replaces or removes the file of rejects while a load runs: the load stops, every
 * reject of a batch that is in stands in the file that was there, and the same command completes it.
 */
import { problemsAtEnd, problemsMidway } from "./check.ts";
import { casesFor, type LoadCase } from "./load_case.ts";
import type { Place } from "./place.ts";
import { startHeld } from "./disturbed_run.ts";
import { describe, run } from "./program.ts";
import { incomplete, sourceOf, type Trial, withPlace } from "./trial.ts";

/** Loads that leave rows out in every batch. */
const CASES: readonly LoadCase[] = [1, 2].map((connections) => ({
  name: `append, rejects moved, ${connections}`,
  mode: "append",
  connections,
  rows: 800,
  batchRows: 20,
  rejects: true,
  tableThere: true,
}));

/** What is done to the file; what was in it is read from its handle afterwards. */
const DONE: Readonly<Record<string, (path: string) => Promise<void>>> = {
  moved: (path) => Deno.rename(path, `${path}.1`),
  removed: (path) => Deno.remove(path),
  replaced: async (path) => {
    await Deno.rename(path, `${path}.1`);
    await Deno.writeTextFile(path, "");
  },
};

/** Runs the scenario; a seed decides how far each load is by then. */
export async function moveRejects(trial: Trial, casesMax = Infinity): Promise<void> {
  const cases = casesFor(trial, CASES);
  const all = Object.entries(DONE).flatMap((done) => cases.map((load) => ({ done, load })));
  for (const { done: [name, act], load } of all.slice(0, casesMax)) {
    const source = await sourceOf(trial, load);
    await withPlace(trial, load, async (place) => {
      const where = `${trial.family}, ${load.name}, ${name}`;
      const options = { place, source, load };
      // The one of two connections that writes more has 20 batches or more.
      const batches = 1 + trial.random.below(15);
      const running = await startHeld(trial, { ...options, batches });
      trial.counters.fail(where, running.problems);
      const file = await Deno.open(place.rejects);
      await act(place.rejects);
      await running.letGo();
      const outcome = await running.run;
      trial.counters.faults++;
      if (outcome.status !== 1 || outcome.report?.error?.code !== "rejects_lost") {
        trial.counters.fail(where, [`the load did not stop for the file: ${describe(outcome)}`]);
      }
      trial.counters.fail(where, await problemsMidway(options));
      const before = await new Response(file.readable).text();
      trial.counters.fail(where, await keptProblems(place, before));
      trial.counters.fail(where, incomplete(await run(options)));
      const after = await Deno.readTextFile(place.rejects);
      await Deno.writeTextFile(place.rejects, before + after);
      trial.counters.fail(where, await problemsAtEnd(options));
      await Deno.remove(`${place.rejects}.1`).catch(() => {});
    });
  }
}

/** What was kept are the rejects of the batches that are in, and no others. */
async function keptProblems(place: Place, text: string): Promise<string[]> {
  const [row] = await place.rows(
    `SELECT coalesce(sum(rejected), 0) FROM ${place.sqlName("_snakepipe_batch")}`,
  );
  const kept = text.split("\n").filter((line) => line !== "").length;
  return Number(row![0]) === kept
    ? []
    : [`the ledger says ${row![0]} rejects, and ${kept} stood in the file`];
}
