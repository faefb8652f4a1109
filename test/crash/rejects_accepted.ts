/**
 * A batch keeps rows that the database refuses, its COMMIT is lost, and by the next attempt the database
 * takes some of them: a parent has come, or a row that was in the way has gone. Each row of the source
 * is then in the table or in one file of rejects, and a replay of the corrected file doubles none.
 */
import { join } from "@std/path";
import type { Fault } from "../families/crash_family.ts";
import { runDisturbed } from "./disturbed_run.ts";
import { casesFor, type LoadCase, type SourceFile } from "./load_case.ts";
import type { Place } from "./place.ts";
import { describe, replay, type Run, run } from "./program.ts";
import { Random } from "./random.ts";
import { incomplete, inPairs, type Trial, untyped } from "./trial.ts";

/** The loads whose rejects are taken later. */
export const ACCEPTED_CASES: readonly LoadCase[] = [1, 2].map((connections) => ({
  name: `append, rejects accepted, ${connections}`,
  mode: "append",
  connections,
  rows: 64,
  batchRows: 8,
  rejects: true,
}));

const KILLS: readonly Fault[] = [{ kind: "kill", moment: "before" }, {
  kind: "kill",
  moment: "after",
}];

/** Of eight rows, one misses its parent, one meets another of its id, and one is of no use at all. */
const ORPHAN = 3;
const BLOCKED = 5;
const MISTYPED = 6;
/** The batches whose rows are let in at once: one half or the other. */
const HALVES = [0, 1].map((half) =>
  Array.from({ length: 64 }, (_, id) => id).filter((id) => (id >> 3) % 2 === half)
);
const isOf = (kind: number) => (id: number) => id % 8 === kind;

/**
 * Runs the scenario at so many COMMITs of each case and fault: with one loader, and with two and a file
 * each.
 */
export async function acceptLater(
  trial: Trial,
  { cases = ACCEPTED_CASES, moments = ["before", "after"] }: {
    readonly cases?: readonly LoadCase[];
    readonly moments?: readonly Fault["moment"][];
  } = {},
): Promise<void> {
  const faults = [...trial.crash.commitFaults, ...KILLS].filter(({ moment }) =>
    moments.includes(moment)
  );
  for (const load of casesFor(trial, cases)) {
    const source = await writeSource(trial.folder, load);
    const commits = await commitsOf(trial, { source, load });
    const points = [false, true].flatMap((both) =>
      faults.flatMap((fault) =>
        trial.random.some(commits, trial.pointsMax).map((at) => ({ at, both, fault }))
      )
    ).map((point) => ({ ...point, seed: trial.random.below(2 ** 32) }));
    await inPairs(points, (point) => disturbedAt(trial, point, { load, source }));
  }
}

interface Point {
  /** Number of the COMMIT's call. */
  readonly at: number;
  readonly fault: Fault;
  /** Whether another program loads the same, with a file of its own. */
  readonly both: boolean;
  /** For what arrives. */
  readonly seed: number;
}

async function disturbedAt(
  trial: Trial,
  { at, fault, both, seed }: Point,
  { load, source }: { readonly load: LoadCase; readonly source: SourceFile },
): Promise<void> {
  const where = `${trial.family}, ${load.name}${both ? ", two loaders" : ""}, ${fault.kind} ` +
    `${fault.moment} the COMMIT of call ${at}`;
  const random = new Random(seed);
  const place = await trial.places.next();
  await makeTables(place, source);
  const options = { place, source, load };
  const other = { ...options, place: { ...place, rejects: `${place.rejects}.2` } };
  let kept: readonly number[] = [];
  const disturbed = runDisturbed(trial, {
    ...options,
    disturbance: { ...fault, at },
    then: async () => {
      kept = await idsIn(place.rejects);
      const last = kept.at(-1) ?? random.below(64);
      await letIn(place, HALVES[(last >> 3) % 2]!);
    },
  });
  const second = both
    ? new Promise((go) => setTimeout(go, random.between(0, 120))).then(() => run(other))
    : undefined;
  const { run: first } = await disturbed;
  if (first.killed) trial.counters.kills++;
  else {
    trial.counters.faults++;
    if (first.status === 0) trial.counters.recovered++;
    else trial.counters.fail(where, untyped(first));
  }
  if (second) trial.counters.fail(where, incomplete(await second));
  trial.counters.fail(where, incomplete(await run(options)));
  if (both) trial.counters.fail(where, incomplete(await run(other)));
  const files = both ? [place.rejects, other.place.rejects] : [place.rejects];
  trial.counters.fail(where, await problemsOf(place, { source, files }));
  const there = new Set(await idsInTable(place));
  trial.counters.acceptedLater += kept.filter((id) => there.has(id)).length;
  // Each file, corrected, and once more as it was: as if nobody knew that it was replayed.
  for (const ids of HALVES) await letIn(place, ids);
  for (const file of files) {
    const corrected = (await Deno.readTextFile(file)).replaceAll('"amount":"many"', '"amount":1');
    for (let i = 0; i < 2; i++) {
      await Deno.writeTextFile(file, corrected);
      trial.counters.fail(`${where}, replay`, notReplayed(await replay({ place, file })));
    }
    trial.counters.fail(`${where}, replay`, (await idsIn(file)).map((id) => `row ${id} stays`));
  }
  const ids = (await idsInTable(place)).sort((a, b) => a - b);
  if (ids.join() !== source.expected.map(([id]) => id).join()) {
    trial.counters.fail(`${where}, replay`, [`the table has the rows ${ids.join()}`]);
  }
  await place.remove();
  await Deno.remove(other.place.rejects).catch(() => {});
}

function notReplayed(outcome: Run): string[] {
  return outcome.status === 0 ? [] : [`the replay did not complete: ${describe(outcome)}`];
}

/** Each row is in one place, and the ledger says so. */
async function problemsOf(
  place: Place,
  { source, files }: { readonly source: SourceFile; readonly files: readonly string[] },
): Promise<string[]> {
  const problems: string[] = [];
  const inTable = await idsInTable(place);
  const inFiles = (await Promise.all(files.map(idsIn))).flat();
  const count = Map.groupBy([...inTable, ...inFiles], (id) => id);
  for (const [id] of source.expected) {
    const times = count.get(Number(id))?.length ?? 0;
    if (times !== 1) problems.push(`row ${id} is in the table or a file of rejects ${times} times`);
  }
  const [sums] = await place.rows(
    `SELECT sum(rows_read), sum(committed),
sum(rejected), sum(superseded),
(SELECT count(*) FROM ${place.sqlName("_snakepipe_reject")})
FROM ${place.sqlName("_snakepipe_batch")}`,
  );
  const expected = [source.rows, inTable.length, inFiles.length, 0, inFiles.length].join();
  if (sums!.join() !== expected) {
    problems.push(`the ledger and the table of rejects say ${sums!.join()}, expected ${expected}`);
  }
  return problems;
}

async function idsInTable(place: Place): Promise<number[]> {
  const rows = await place.rows(
    `SELECT id FROM ${place.sqlName("t")} WHERE label <> 'in the way'`,
  );
  return rows.map(([id]) => Number(id));
}

async function idsIn(file: string): Promise<number[]> {
  const text = await Deno.readTextFile(file).catch(() => "");
  return text.split("\n").filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { row: { id: number } }).row.id);
}

async function makeTables(place: Place, { expected }: SourceFile): Promise<void> {
  const ids = expected.map(([id]) => Number(id)).filter(isOf(BLOCKED));
  await place.execute(`CREATE TABLE ${place.sqlName("p")} (id bigint PRIMARY KEY)`);
  await place.execute(`INSERT INTO ${place.sqlName("p")} VALUES (1)`);
  await place.execute(`CREATE TABLE ${place.sqlName("t")} (id bigint UNIQUE, label text,
amount bigint REFERENCES ${place.sqlName("p")} (id))`);
  await place.execute(
    `INSERT INTO ${place.sqlName("t")} VALUES ${
      ids.map((id) => `(${id}, 'in the way', NULL)`).join(", ")
    }`,
  );
}

/** Parents come, and rows go that were in the way. */
async function letIn(place: Place, ids: readonly number[]): Promise<void> {
  const parents = ids.filter(isOf(ORPHAN)).map((id) => `SELECT ${1000 + id} AS id`);
  const blocked = ids.filter(isOf(BLOCKED)).join(", ");
  const there = place.sqlName("p");
  await place.execute(
    `INSERT INTO ${there} SELECT id FROM (${parents.join(" UNION ALL ")}) AS parents
WHERE id NOT IN (SELECT id FROM ${there})`,
  );
  await place.execute(
    `DELETE FROM ${place.sqlName("t")} WHERE label = 'in the way' AND id IN (${blocked})`,
  );
}

async function writeSource(folder: string, { rows }: LoadCase): Promise<SourceFile> {
  const ids = Array.from({ length: rows }, (_, id) => id);
  const text = ids.map((id) => {
    const amount = isOf(ORPHAN)(id) ? 1000 + id : isOf(MISTYPED)(id) ? "many" : 1;
    return JSON.stringify({ id, label: `row ${id}`, amount }) + "\n";
  }).join("");
  const path = join(folder, "rejects_accepted.ndjson");
  await Deno.writeTextFile(path, text);
  const expected = ids.map((id) => [String(id), `row ${id}`, null] as const);
  return { path, bytes: text.length, rows, rejected: 0, expected };
}

/** Numbers of the calls that commit a batch. */
async function commitsOf(
  trial: Trial,
  options: { readonly source: SourceFile; readonly load: LoadCase },
): Promise<readonly number[]> {
  const place = await trial.places.next();
  await makeTables(place, options.source);
  const disturbance = { at: 0, kind: "kill", moment: "before" } as const;
  const { run, calls } = await runDisturbed(trial, { ...options, place, disturbance });
  trial.counters.fail(`${trial.family}, ${options.load.name}`, incomplete(run));
  await place.remove();
  const first = calls.findIndex((call) => call.startsWith("SAVEPOINT"));
  const all = calls.flatMap((call, i) => call === "COMMIT" && i > first ? [i + 1] : []);
  // The last one is the end of the load.
  const commits = all.slice(0, -1);
  if (commits.length === 0) throw new Error("No COMMIT was counted: see test/crash/exchange.ts");
  return commits;
}
