/**
 * The table of a load is renamed, dropped and made again, or emptied, while the load runs and between two
 * runs. A load that says that it is complete has all of its rows in the table.
 */
import type { FamilySql } from "../families/family.ts";
import { contentProblems } from "./check.ts";
import type { ContentRow } from "./content.ts";
import type { LoadCase, SourceFile } from "./load_case.ts";
import type { Place } from "./place.ts";
import { startHeld } from "./disturbed_run.ts";
import { describe, type Run, run, start } from "./program.ts";
import { incomplete, sourceOf, type Trial, withPlace } from "./trial.ts";

/** The loads whose table moves. */
export const MOVED_CASES: readonly LoadCase[] = [
  { name: "append", mode: "append", connections: 1, rows: 4_000, batchRows: 200 },
  { name: "append, 2 connections", mode: "append", connections: 2, rows: 4_000, batchRows: 200 },
  { name: "upsert", mode: "upsert", connections: 1, rows: 2_000, batchRows: 200 },
];

/** A row that the load has nothing to do with. */
const STRANGER: ContentRow = ["-7", "a stranger", "7"];

interface Move {
  readonly name: string;
  /** Statements, run as one. */
  sql(place: Place, words: FamilySql): readonly string[];
  /** What the table holds afterwards. */
  readonly left: readonly ContentRow[];
}

const insertStranger = (place: Place) =>
  `INSERT INTO ${place.sqlName("t")} VALUES (-7, 'a stranger', 7)`;

const MOVES: readonly Move[] = [
  {
    name: "renamed, and made again",
    sql: (place) => [
      `ALTER TABLE ${place.sqlName("t")} RENAME TO t_before`,
      createTable(place),
    ],
    left: [],
  },
  {
    name: "dropped, and made again with a row",
    sql: (place) => [`DROP TABLE ${place.sqlName("t")}`, createTable(place), insertStranger(place)],
    left: [STRANGER],
  },
  {
    name: "truncated",
    sql: (place, words) => [words.truncate(place.sqlName("t"))],
    left: [],
  },
  {
    name: "truncated, and given a row",
    sql: (place, words) => [words.truncate(place.sqlName("t")), insertStranger(place)],
    left: [STRANGER],
  },
];

/** Moves the table of each load, in so many ways: while it runs, and once it is complete. */
export async function moveTable(trial: Trial, cases: readonly LoadCase[]): Promise<void> {
  for (const load of cases) {
    for (const move of trial.random.some(MOVES, trial.pointsMax)) {
      await moved(trial, { load, move, during: true });
      await moved(trial, { load, move, during: false });
    }
  }
}

async function moved(
  trial: Trial,
  { load, move, during }: {
    readonly load: LoadCase;
    readonly move: Move;
    readonly during: boolean;
  },
): Promise<void> {
  const source = await sourceOf(trial, load);
  await withPlace(trial, { ...load, tableThere: true }, async (place) => {
    await keyed(place, load, "t_id");
    const when = during ? "while the load ran" : "between two runs";
    const where = `${trial.family}, ${load.name}, table ${move.name} ${when}`;
    const batches = 1 + trial.random.below(8);
    const held = during ? await startHeld(trial, { place, source, load, batches }) : undefined;
    const running = held ?? start({ place, source, load });
    if (held) trial.counters.fail(where, held.problems);
    else trial.counters.fail(where, incomplete(await running.run));
    await place.executeAll(move.sql(place, trial.sql));
    // The table that was renamed has the other one still.
    await keyed(place, load, "t_id_again");
    await held?.letGo();
    const outcome = await running.run;
    if (during) {
      trial.counters.fail(where, notTold(outcome));
      trial.counters.tablesMoved++;
    }
    await again(trial, { place, source, load, where, move });
    if (during) return;
    const last = await run({ place, source, load });
    trial.counters.fail(where, incomplete(last));
    if (last.report?.committed !== 0) trial.counters.fail(where, ["a run after it committed rows"]);
  });
}

/** What the same command does now: it begins again in an empty table, and refuses any other. */
async function again(
  trial: Trial,
  { where, move, ...options }: {
    readonly place: Place;
    readonly source: SourceFile;
    readonly load: LoadCase;
    readonly where: string;
    readonly move: Move;
  },
): Promise<void> {
  const { place, source } = options;
  const isEmpty = (await contentProblems(place, [])).length === 0;
  if (!isEmpty) {
    trial.counters.fail(where, notTold(await run(options)));
    trial.counters.tablesMoved++;
  }
  const args = isEmpty ? [] : ["--fresh"];
  const before = isEmpty ? [] : await strangers(place, move);
  trial.counters.fail(where, incomplete(await run({ ...options, args })));
  trial.counters.fail(where, await contentProblems(place, [...before, ...source.expected]));
}

/** Rows that are in the table and not of the load that begins again: none may have slipped in. */
async function strangers(place: Place, { left }: Move): Promise<readonly ContentRow[]> {
  const problems = await contentProblems(place, left);
  if (problems.length > 0) throw new Error(`The table holds more: ${problems.join("; ")}`);
  return left;
}

function notTold(outcome: Run): string[] {
  const { status, report } = outcome;
  return status === 1 && report?.error?.code === "table_changed"
    ? []
    : [`the load did not say that its table has changed: ${describe(outcome)}`];
}

async function keyed(place: Place, { mode }: LoadCase, index: string): Promise<void> {
  if (mode !== "upsert") return;
  await place.execute(`CREATE UNIQUE INDEX ${index} ON ${place.sqlName("t")} (id)`);
}

function createTable(place: Place): string {
  const columns = place.columns.replace(/ CHECK .*$/, "");
  return `CREATE TABLE ${place.sqlName("t")} (${columns})`;
}
