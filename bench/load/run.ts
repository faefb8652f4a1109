/**
 * The benchmark of loading: `deno task bench:load`, see `options.ts`. It starts servers of its own,
 * makes its rows from real source code, and has everybody load them in turn, each in a process of its
 * own, whose time from start to exit is what counts.
 */
import { buildCodec } from "../../tools/build_codec.ts";
import { buildProgram } from "../../tools/build_program.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";
import { environment } from "../environment.ts";
import { machineCosts } from "../machine_costs.ts";
import { cpuLines } from "./client_cpu.ts";
import { type DatabaseName, DATASETS } from "./dataset.ts";
import { cacheFolder, datasetFiles } from "./dataset_files.ts";
import { goals } from "./goals.ts";
import { openDuckdbTarget } from "./duckdb_target.ts";
import { keepRun } from "./write_results.ts";
import { type KeptRun, keptRuns, type Machine, machineLines, worstLines } from "./kept_runs.ts";
import { observedLines } from "./observed.ts";
import { openLibsqlTarget } from "./libsql_target.ts";
import { type ComparisonSizes, FULL_SIZES } from "./comparison.ts";
import { startMysqlTarget } from "./mysql_target.ts";
import { type BenchOptions, readOptions, USAGE } from "./options.ts";
import { startPgliteTarget } from "./pglite_target.ts";
import { runComparison } from "./run_comparison.ts";
import { startPostgresTarget } from "./postgres_target.ts";
import { type PlannedComparison, program } from "./program.ts";
import { goalLines, matchLines } from "./report.ts";
import type { ComparisonResult } from "./result.ts";
import type { LoadTarget } from "./target.ts";
import { TITLE } from "./title.ts";
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
    if (options.run === "worst") print(worstLines(await keptRuns()));
    else await bench(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}

async function bench(options: BenchOptions): Promise<void> {
  if (!options.built) {
    await buildPlugins();
    await buildCodec();
    await buildProgram();
  }
  const { machine: about, ...rest } = await environment();
  const machine: Machine = { ...about, ...await machineCosts(await cacheFolder()) };
  print(machineLines({ ...rest, machine, rounds: options.rounds }));
  const planned = await program(options);
  const tools = await findTools(
    planned.flatMap(({ comparison }) => comparison.competitors.flatMap(({ needs = [] }) => needs)),
  );
  const { comparisons, servers } = await compareAll(planned, tools);
  const run: KeptRun = { ...rest, machine, rounds: options.rounds, servers, comparisons };
  const sizes = sizesOf(options);
  // They were set for a hundred thousand and a million rows: small sets are all start-up.
  const isCompared = options.run === "whole" || options.run === "fast";
  const reached = isCompared ? goals(comparisons, sizes) : [];
  print(["", ...machineLines(run), ...goalLines(reached)]);
  if (options.run === "observed") print(["", ...observedLines(comparisons)]);
  if (options.run === "cpu") print(cpuLines(comparisons, { machine, kept: await keptRuns() }));
  print(["", `Kept as ${await keepRun(run, { goals: reached, tools, options })}`]);
}

async function compareAll(
  planned: readonly PlannedComparison[],
  tools: Tools,
): Promise<
  { readonly comparisons: readonly ComparisonResult[]; readonly servers: readonly string[] }
> {
  const comparisons: ComparisonResult[] = [];
  const servers: string[] = [];
  for (const [database, own] of Map.groupBy(planned, ({ comparison }) => comparison.database)) {
    const target = await OPEN[database]().catch((error: Error) => error);
    if (target instanceof Error) {
      servers.push(`no ${TITLE[database]}: ${target.message}`);
      continue;
    }
    servers.push(target.version);
    try {
      for (const each of own) comparisons.push(await compareOne(each, { planned, target, tools }));
    } finally {
      await target.close();
    }
  }
  return { comparisons, servers };
}

async function compareOne(
  { comparison, rounds }: PlannedComparison,
  { planned, target, tools }: {
    readonly planned: readonly PlannedComparison[];
    readonly target: LoadTarget;
    readonly tools: Tools;
  },
): Promise<ComparisonResult> {
  const { dataset: name, rows } = comparison;
  const sizes = planned.map(({ comparison }) => comparison).filter((other) =>
    other.dataset === name
  );
  const wanted = [...new Set(sizes.map((other) => other.rows))];
  const files = (await datasetFiles(DATASETS[name], wanted)).get(rows)!;
  const about = `${comparison.database}, ${name}, ${rows} rows`;
  const result = await runComparison(comparison, {
    files,
    target,
    tools,
    rounds,
    say: (what) => console.error(`${about}: ${what}`),
  });
  print(matchLines(result));
  return result;
}

function sizesOf({ rows }: BenchOptions): ComparisonSizes {
  if (rows === undefined) return FULL_SIZES;
  const large = rows.at(-1)!;
  return { ...FULL_SIZES, medium: rows[0]!, large, wide: Math.min(large, FULL_SIZES.wide) };
}

function print(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}
