/** Two programs load the same source into the same table at once. */
import { problemsAtEnd } from "./check.ts";
import type { LoadCase } from "./load_case.ts";
import type { Place } from "./place.ts";
import { run } from "./program.ts";
import { incomplete, sourceOf, type Trial, untyped, withPlace } from "./trial.ts";

/** The loads that are run twice at once. */
export const TWICE_CASES: readonly LoadCase[] = [
  { name: "append twice", mode: "append", connections: 1, rows: 40_000, batchRows: 500 },
  {
    name: "append twice, ranges",
    mode: "append",
    connections: 2,
    rows: 40_000,
    batchRows: 500,
    batchBytes: 25_000,
    csv: true,
  },
  { name: "append twice, 2", mode: "append", connections: 2, rows: 40_000, batchRows: 500 },
  { name: "upsert twice", mode: "upsert", connections: 1, rows: 10_000, batchRows: 500 },
];

/** A replace that is overtaken by another one ends in good order; one of them comes to its end. */
const REPLACE: LoadCase = {
  name: "replace twice",
  mode: "replace",
  connections: 1,
  rows: 10_000,
  batchRows: 500,
  tableThere: true,
};

/** Runs the scenario; a seed decides how long after the first one the second begins. */
export async function loadTwice(trial: Trial, cases: readonly LoadCase[]): Promise<void> {
  for (const load of cases) await both(trial, load, { fresh: false });
  await both(trial, cases[0]!, { fresh: true });
  await replaceTwice(trial);
}

async function both(
  trial: Trial,
  load: LoadCase,
  { fresh }: { readonly fresh: boolean },
): Promise<void> {
  const source = await sourceOf(trial, load);
  await withPlace(trial, load, async (place) => {
    const where = `${trial.family}, ${load.name}${fresh ? ", one of them fresh" : ""}`;
    const [first, second] = await apart(
      trial,
      (late) => run({ place, source, load, args: late && fresh ? ["--fresh"] : [] }),
    );
    trial.counters.fail(where, [...incomplete(first), ...incomplete(second)]);
    if (first.report?.batches && second.report?.batches) trial.counters.met++;
    // What is asked for again is there once more, whole; unless that was the first to come.
    const generations = fresh ? await loadsIn(place) : 1;
    trial.counters.fail(where, await problemsAtEnd({ place, source, load, generations }));
  });
}

async function loadsIn(place: Place): Promise<number> {
  const loads = place.sqlName("_snakepipe_load");
  const [row] = await place.rows(`SELECT count(*) FROM ${loads}`);
  return Number(row![0]);
}

async function replaceTwice(trial: Trial): Promise<void> {
  const source = await sourceOf(trial, REPLACE);
  await withPlace(trial, REPLACE, async (place) => {
    const options = { place, source, load: REPLACE };
    const where = `${trial.family}, ${REPLACE.name}`;
    const runs = await apart(trial, () => run(options));
    const stopped = runs.filter(({ status }) => status !== 0);
    trial.counters.fail(where, stopped.flatMap(untyped));
    if (stopped.length === 2) trial.counters.fail(where, ["neither came to its end"]);
    trial.counters.fail(where, await problemsAtEnd(options));
  });
}

/** One after the other by up to 0.12 s, so that they meet at another place each time. */
async function apart<T>(
  { random }: Trial,
  begin: (late: boolean) => Promise<T>,
): Promise<[T, T]> {
  const first = begin(false);
  await new Promise((resolve) => setTimeout(resolve, random.between(0, 120)));
  return await Promise.all([first, begin(true)]);
}
