import type { CrashFamily } from "../families/crash_family.ts";
import type { FamilySql } from "../families/family.ts";
import { type CheckOptions, problemsAtEnd, problemsMidway } from "./check.ts";
import { describe, type Run, run, type RunOptions } from "./program.ts";
import { type LoadCase, type SourceFile, writeSource } from "./load_case.ts";
import type { Place, Places } from "./place.ts";
import type { Random } from "./random.ts";

/** What every scenario is given, and what it gives back. */
export interface Trial {
  readonly places: Places;
  /** Its name. */
  readonly family: string;
  readonly crash: CrashFamily;
  readonly sql: FamilySql;
  /** Whether one connection writes, however many are asked for. */
  readonly oneWriter: boolean;
  /** Whether indexes of a table can wait for its rows. */
  readonly indexesWait: boolean;
  /** Whether files are written while they are read; else ranges are batches as any other. */
  readonly writesRanges: boolean;
  /** For sources and logs. */
  readonly folder: string;
  readonly seed: number;
  readonly random: Random;
  /** Points of a case that are tried; those left out are chosen by the seed. */
  readonly pointsMax: number;
  /** Module of the program whose driver's calls are counted: see `exchange.ts`. */
  readonly exchanged: string;
  readonly counters: TrialCounters;
}

/** What was tried, and what went wrong. */
export class TrialCounters {
  /** Processes that were killed. */
  kills = 0;
  /** Faults that were brought about instead. */
  faults = 0;
  /** Faults that the load got over in the same run. */
  recovered = 0;
  /** Loads that said that their table had been moved, emptied or made again. */
  tablesMoved = 0;
  /** Rows that stood in a file of rejects before their COMMIT was lost, and are in the table. */
  acceptedLater = 0;
  /** Loads of two programs at once, each of which has committed batches. */
  met = 0;
  /** Answers to COMMIT that were kept back, the transaction being in. */
  repliesLost = 0;
  /** COMMITs that never reached the server. */
  commitsLost = 0;
  readonly failures: string[] = [];
  /** What could not be tried, and why. */
  readonly skipped: string[] = [];

  /** Notes what is wrong at a place, if anything is. */
  fail(where: string, problems: readonly string[]): void {
    if (problems.length === 0) return;
    const failure = `${where}: ${problems.join("; ")}`;
    this.failures.push(failure);
    console.log(`FAILED ${failure}`);
  }
}

/** Two at a time: each is a process that needs about one core. */
const AT_ONCE = 2;

/** Works through a list, two at a time. */
export async function inPairs<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item; (item = waiting.shift()) !== undefined;) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** The source of a case, the same for the same seed. */
export function sourceOf(trial: Trial, load: LoadCase): Promise<SourceFile> {
  return writeSource(trial.folder, load, trial.seed);
}

/** An empty place, with the table where the case wants it; removed once the work is done. */
export async function withPlace(
  { places }: Trial,
  load: LoadCase,
  work: (place: Place) => Promise<void>,
): Promise<void> {
  const place = await places.next();
  await makeTable(place, load);
  await work(place);
  await place.remove();
}

/** The table as a case finds it. */
export async function makeTable(place: Place, load: LoadCase, tail = ""): Promise<void> {
  if (!load.tableThere) return;
  const checked = load.rejects ? place.columns : place.columns.replace(/ CHECK .*$/, "");
  const key = load.mixed ? ", PRIMARY KEY (id)" : "";
  await place.execute(`CREATE TABLE ${place.sqlName("t")} (${checked}${key}) ${tail}`);
  if (load.indexes) {
    await place.execute(`CREATE INDEX by_amount ON ${place.sqlName("t")} (amount)`);
  }
  if (load.mode !== "replace") return;
  await place.execute(
    `INSERT INTO ${place.sqlName("t")} VALUES (-1, 'old', 1), (-2, 'older', NULL)`,
  );
}

/** What is wrong with a run that should have completed. */
export function incomplete(outcome: Run): string[] {
  const complete = outcome.status === 0 && outcome.report?.state === "complete";
  return complete ? [] : [`the load did not complete: ${describe(outcome)}`];
}

/** What is wrong with a run that stopped: it may, but it has to say why in words of its own. */
export function untyped({ status, report, stderr, killed }: Run): string[] {
  const code = report?.error?.code;
  if (!killed && status > 0 && code !== undefined && code !== "bug") return [];
  return [
    `stopped without a typed error: status ${status}, ${code ?? "no code"}, ${stderr.trim()}`,
  ];
}

/** Runs the same command again and holds everything against the source. */
export async function resume(
  trial: Trial,
  where: string,
  options: RunOptions & Pick<CheckOptions, "generations">,
): Promise<void> {
  const problems = incomplete(await run(options));
  trial.counters.fail(where, problems.length > 0 ? problems : await problemsAtEnd(options));
}

/** The same at every other place only: looking into a database file repairs it. */
export async function checkMidway(
  trial: Trial,
  where: string,
  { look, ...options }: CheckOptions & { readonly look: boolean },
): Promise<void> {
  if (look) trial.counters.fail(where, await problemsMidway(options));
}
