/** Keeps results and charts: in the project's own folder only those of a whole run. */
import { join } from "@std/path";
import { RESULTS } from "../harness.ts";
import { chartsOf } from "./chart.ts";
import { DATABASES } from "./dataset.ts";
import { cacheFolder } from "./dataset_files.ts";
import type { GoalResult } from "./goals.ts";
import { KEPT, type KeptRun, machineName } from "./kept_runs.ts";
import { LIBSQL_SETTINGS } from "./libsql_target.ts";
import { MYSQL_SETTINGS } from "./mysql_target.ts";
import type { BenchOptions } from "./options.ts";
import { POSTGRES_SETTINGS } from "./postgres_target.ts";
import { comparisonTitle } from "./report.ts";
import type { Tools } from "./tools.ts";

/** What is kept beside the run itself. */
export interface KeptBeside {
  readonly goals: readonly GoalResult[];
  readonly tools: Tools;
  readonly options: BenchOptions;
}

/** Writes the run and its charts, and returns the file. */
export async function keepRun(
  run: KeptRun,
  { goals, tools, options }: KeptBeside,
): Promise<string> {
  const whole = isWhole(options);
  const folder = whole ? RESULTS : await cacheFolder("results");
  const file = whole ? join(KEPT, `${machineName(run.machine)}.json`) : join(folder, "load.json");
  const kept = {
    ...run,
    suite: "load",
    title: "From a file to committed rows, each competitor in a process of its own",
    tools,
    settings: { postgres: POSTGRES_SETTINGS, libsql: LIBSQL_SETTINGS, mysql: MYSQL_SETTINGS },
    goals,
    comparisons: run.comparisons.map((result) => ({ title: comparisonTitle(result), ...result })),
  };
  const text = JSON.stringify(kept, (_key, value) => shortened(value), 2);
  await Deno.mkdir(KEPT, { recursive: true });
  await Deno.writeTextFile(file, text + "\n");
  for (const { name, svg } of chartsOf(run.comparisons, run.rounds)) {
    await Deno.writeTextFile(join(folder, `${name}.svg`), svg + "\n");
  }
  return file;
}

/** Runs to quote: everybody who is asked for a goal took part, at the usual sizes. */
function isWhole({ run, only, into, rows }: BenchOptions): boolean {
  return run === "whole" && only.length === 0 && into.length === DATABASES.length &&
    rows === undefined;
}

/** Fractions to as many digits as mean something; counts stay whole. */
function shortened(value: unknown): unknown {
  return typeof value !== "number" || Number.isInteger(value)
    ? value
    : Number(value.toPrecision(5));
}
