/**
 * The benchmark of loading: `deno task bench:load`, see `options.ts`. It starts a PostgreSQL server
 * of its own, makes its rows from real source code, and has everybody load them in turn, each in a
 * process of its own, whose time from start to exit is what counts.
 */
import { join } from "@std/path";
import { buildCodec } from "../../host/codec/build.ts";
import { buildProgram } from "../../host/cli/build.ts";
import { buildPlugins } from "../../plugins/build.ts";
import { circumstances } from "../circumstances.ts";
import { RESULTS } from "../harness.ts";
import { machineCosts } from "../machine_costs.ts";
import { chartsOf } from "./chart.ts";
import { type DatabaseName, DATABASES, DATASETS } from "./dataset.ts";
import { cacheFolder, datasetFiles } from "./dataset_files.ts";
import { type GoalResult, goals } from "./goals.ts";
import { openDuckdbTarget } from "./duckdb_target.ts";
import { LIBSQL_SETTINGS, openLibsqlTarget } from "./libsql_target.ts";
import { FULL_SIZES, type Match, matches, type MatchSizes, QUICK_SIZES } from "./match.ts";
import { MYSQL_SETTINGS, startMysqlTarget } from "./mysql_target.ts";
import { type BenchOptions, readOptions, USAGE } from "./options.ts";
import { startPgliteTarget } from "./pglite_target.ts";
import { play } from "./play.ts";
import { POSTGRES_SETTINGS, startPostgresTarget } from "./postgres_target.ts";
import { goalLines, matchLines, matchTitle } from "./report.ts";
import type { MatchResult } from "./result.ts";
import { knownSettings } from "./snakepipe.ts";
import type { LoadTarget } from "./target.ts";
import { findTools, type Tools } from "./tools.ts";

const OPEN: Readonly<Record<DatabaseName, () => Promise<LoadTarget>>> = {
  postgres: startPostgresTarget,
  libsql: openLibsqlTarget,
  mysql: startMysqlTarget,
  duckdb: openDuckdbTarget,
  pglite: startPgliteTarget,
};

if (import.meta.main) {
  const options = readOptions(Deno.args);
  if (typeof options === "string") {
    console.error(`${options}\n\n${USAGE}`);
    Deno.exit(2);
  }
  try {
    await bench(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}

async function bench(options: BenchOptions): Promise<void> {
  await buildPlugins();
  await buildCodec();
  await buildProgram();
  const tools = await findTools();
  const sizes = options.quick ? QUICK_SIZES : FULL_SIZES;
  const all = matches(sizes, { settings: await knownSettings(), ...rowsOf(options) })
    .map((match) => chosen(match, options.only))
    .filter((match) => match !== undefined);
  const results: MatchResult[] = [];
  for (const database of options.into) {
    const own = all.filter((match) => match.database === database);
    if (own.length === 0) continue;
    const target = await OPEN[database]();
    try {
      for (const match of own) results.push(await playOne(match, { all, target, tools, options }));
    } finally {
      await target.close();
    }
  }
  // They were set for a hundred thousand and a million rows: small sets are all start-up.
  const reached = options.quick ? [] : goals(results, sizesOf(options, sizes));
  for (const line of goalLines(reached)) console.log(line);
  await keep({ results, goals: reached, tools, options });
}

interface OneMatch {
  readonly all: readonly Match[];
  readonly target: LoadTarget;
  readonly tools: Tools;
  readonly options: BenchOptions;
}

async function playOne(
  match: Match,
  { all, target, tools, options }: OneMatch,
): Promise<MatchResult> {
  const { dataset: name, rows } = match;
  const sizes = all.filter((other) => other.dataset === name).map((other) => other.rows);
  const files = (await datasetFiles(DATASETS[name], [...new Set(sizes)])).get(rows)!;
  const about = `${match.database}, ${name}, ${rows} rows`;
  const result = await play(match, {
    files,
    target,
    tools,
    rounds: options.rounds,
    say: (what) => console.error(`${about}: ${what}`),
  });
  for (const line of matchLines(result)) console.log(line);
  return result;
}

/** The match with those who were asked for; undefined if none of them is in it. */
function chosen(match: Match, only: readonly string[]): Match | undefined {
  if (only.length === 0) return match;
  const wanted = ({ name }: { name: string }) =>
    only.some((part) => name.toLowerCase().includes(part));
  if (!match.contestants.some(wanted)) return undefined;
  const contestants = match.contestants.filter((c) => c.side === "reference" || wanted(c));
  return { ...match, contestants };
}

function rowsOf({ rows }: BenchOptions): { readonly rows?: readonly number[] } {
  return rows === undefined ? {} : { rows };
}

function sizesOf({ rows }: BenchOptions, usual: MatchSizes): { medium: number; large: number } {
  return rows === undefined ? usual : { medium: rows[0]!, large: rows.at(-1)! };
}

interface Kept {
  readonly results: readonly MatchResult[];
  readonly goals: readonly GoalResult[];
  readonly tools: Tools;
  readonly options: BenchOptions;
}

/** Results and charts; in the project's own folder only those of a whole run. */
async function keep({ results, goals, tools, options }: Kept): Promise<void> {
  const { quick, rounds, only, into, rows } = options;
  const whole = !quick && only.length === 0 && into.length === DATABASES.length &&
    rows === undefined;
  const folder = whole ? RESULTS : await cacheFolder("results");
  const { machine, ...about } = await circumstances();
  const costs = await machineCosts(await cacheFolder());
  console.log(
    `\n${machine.cpu}, ${machine.cores} cores: ${
      costs.pageFaultMicros.toFixed(2)
    } us a page fault, ` +
      `${costs.syncMs.toFixed(2)} ms a write to disk`,
  );
  const text = JSON.stringify(
    {
      ...about,
      machine: { ...machine, ...costs },
      suite: "load",
      title: "From a file to committed rows, each contestant in a process of its own",
      rounds,
      tools,
      settings: { postgres: POSTGRES_SETTINGS, libsql: LIBSQL_SETTINGS, mysql: MYSQL_SETTINGS },
      goals,
      matches: results.map((result) => ({ title: matchTitle(result), ...result })),
    },
    (_key, value) => typeof value === "number" ? shortened(value) : value,
    2,
  );
  await Deno.writeTextFile(join(folder, "load.json"), text + "\n");
  for (const { name, svg } of chartsOf(results, rounds)) {
    await Deno.writeTextFile(join(folder, `${name}.svg`), svg + "\n");
  }
  console.log(`\nKept in ${folder}`);
}

/** Fractions to as many digits as mean something; counts stay whole. */
function shortened(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}
