/** The server crashes and comes back while a load runs; the load goes on in the same run. */
import type { CrashServer } from "../families/crash_family.ts";
import { problemsAtEnd } from "./check.ts";
import type { LoadCase } from "./load_case.ts";
import type { Place } from "./place.ts";
import { type Run, type RunningLoad, start } from "./program.ts";
import { incomplete, resume, sourceOf, type Trial, untyped, withPlace } from "./trial.ts";

/** The loads that see it. A shadow table is not logged, so a replace may only stop in good order. */
export const RESTART_CASES: readonly LoadCase[] = [
  { name: "append, long", mode: "append", connections: 1, rows: 100_000, batchRows: 1_000 },
  { name: "append, long, 2", mode: "append", connections: 2, rows: 100_000, batchRows: 1_000 },
  { name: "upsert, long", mode: "upsert", connections: 1, rows: 60_000, batchRows: 1_000 },
  {
    name: "replace, long",
    mode: "replace",
    connections: 1,
    rows: 60_000,
    batchRows: 1_000,
    tableThere: true,
  },
];

const DOWN_MS_MAX = 1_500;

/** A load may have ended before the server is gone; then another one is tried. */
const TRIES_MAX = 5;

/** Crashes the server once during each load. */
export async function restartServer(
  trial: Trial,
  { cases, server }: { readonly cases: readonly LoadCase[]; readonly server: CrashServer },
): Promise<void> {
  for (const load of cases) {
    let met = false;
    for (let tries = 0; !met && tries < TRIES_MAX; tries++) {
      met = await crashDuring(trial, load, server);
    }
    if (!met) {
      trial.counters.fail(`${trial.family}, ${load.name}`, [
        "each load ended before the server did",
      ]);
    }
  }
}

/** Whether the load was still running when the server crashed. */
async function crashDuring(trial: Trial, load: LoadCase, server: CrashServer): Promise<boolean> {
  let met = false;
  const source = await sourceOf(trial, load);
  await withPlace(trial, load, async (place) => {
    const options = { place, source, load };
    const batches = 1 + trial.random.below(load.rows / load.batchRows / 2);
    const downMs = Math.round(trial.random.between(0, DOWN_MS_MAX));
    const where = `${trial.family}, ${load.name}, server down for ${downMs} ms ` +
      `after ${batches} batches`;
    const running = start(options);
    if (!await untilBatches(place, { batches, running })) {
      return trial.counters.fail(where, incomplete(await running.run));
    }
    met = true;
    await server.crash();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await server.start();
    trial.counters.faults++;
    const outcome = await running.run;
    if (outcome.status === 0) {
      trial.counters.recovered++;
      return trial.counters.fail(where, await problemsAtEnd(options));
    }
    trial.counters.fail(where, load.mode === "replace" ? untyped(outcome) : incomplete(outcome));
    await resume(trial, where, options);
  });
  return met;
}

/** Waits until so many batches are in; false where the load has ended by then. */
async function untilBatches(
  place: Place,
  { batches, running }: { readonly batches: number; readonly running: RunningLoad },
): Promise<boolean> {
  let ended: Run | undefined;
  running.run.then((run) => ended = run);
  while (!ended) {
    if (await batchesIn(place) >= batches) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

async function batchesIn(place: Place): Promise<number> {
  try {
    const ledger = place.sqlName("_snakepipe_batch");
    const [row] = await place.rows(`SELECT count(*) FROM ${ledger}`);
    return Number(row![0]);
  } catch {
    // It is not there yet.
    return 0;
  }
}
