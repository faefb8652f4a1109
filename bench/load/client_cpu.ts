/**
 * The client's CPU for a million rows: as a whole run has measured it, and as it is foretold in a few
 * seconds, from a load that is mostly its start and one that is not.
 */
import type { DatabaseName } from "./dataset.ts";
import type { KeptRun } from "./kept_runs.ts";
import type { Comparison } from "./comparison.ts";
import { FULL_SIZES, plainComparisons } from "./comparison.ts";
import type { ComparisonResult, MeasuredResult } from "./result.ts";
import { DEFAULT } from "./snakepipe.ts";
import { TITLE } from "./title.ts";

const MILLION = 1e6;

/** Rows of the two loads. */
const [FEW, MANY] = [10_000, 200_000] as const;

/** The comparisons that it is foretold from. */
export function cpuComparisons(): Comparison[] {
  return plainComparisons([FEW, MANY]);
}

/** Seconds for a million rows, the start included. */
export function perMillion(result: MeasuredResult | undefined, rows: number): number | undefined {
  const seconds = result?.clientCpuSeconds;
  return seconds === undefined ? undefined : seconds / rows * MILLION;
}

/** A line for each database, with what is recorded for the same processor; nothing is held to it. */
export function cpuLines(
  results: readonly ComparisonResult[],
  { machine, kept }: { readonly machine: KeptRun["machine"]; readonly kept: readonly KeptRun[] },
): string[] {
  const recorded = kept.find((run) =>
    run.machine.cpu === machine.cpu && run.machine.cores === machine.cores
  );
  return (["postgres", "libsql"] as const).flatMap((database) => {
    const seconds = foretold(results, database);
    if (seconds === undefined) return [];
    const before = recorded && perMillion(
      ours(recorded.comparisons, database, FULL_SIZES.large),
      FULL_SIZES.large,
    );
    const beside = before === undefined
      ? `none is recorded for ${machine.cpu}, ${machine.cores} cores`
      : `${before.toFixed(2)} s is recorded for ${machine.cpu}, on ${recorded!.date.slice(0, 10)}`;
    return [
      `${TITLE[database]}: about ${seconds.toFixed(2)} s of client CPU a million rows; ${beside}`,
    ];
  });
}

function foretold(
  results: readonly ComparisonResult[],
  database: DatabaseName,
): number | undefined {
  const few = ours(results, database, FEW)?.clientCpuSeconds;
  const many = ours(results, database, MANY)?.clientCpuSeconds;
  if (few === undefined || many === undefined) return undefined;
  return few + (many - few) / (MANY - FEW) * (MILLION - FEW);
}

function ours(
  results: readonly ComparisonResult[],
  database: DatabaseName,
  rows: number,
): MeasuredResult | undefined {
  const found = results
    .find((r) => r.database === database && r.dataset === "nodes" && r.rows === rows)
    ?.competitors.find((c) => c.name === DEFAULT);
  return found?.kind === "measured" ? found : undefined;
}
