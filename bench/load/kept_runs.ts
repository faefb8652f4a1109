/** Whole runs that are kept, one file for each kind of machine, and what is worst over all of them. */
import { join } from "@std/path";
import { type Environment, environment } from "../environment.ts";
import { figureLines, RESULTS } from "../harness.ts";
import type { MachineCosts } from "../machine_costs.ts";
import { GOALS } from "./goal_list.ts";
import { type GoalResult, goalResult } from "./goals.ts";
import { FULL_SIZES } from "./comparison.ts";
import { figure } from "./report.ts";
import type { ComparisonResult } from "./result.ts";

/** A machine, and what it charges; the costs are absent in runs that did not measure them. */
export type Machine = Environment["machine"] & Partial<MachineCosts>;

/** What is read of a run that is kept. */
export interface KeptRun extends Pick<Environment, "date" | "commit" | "versions"> {
  readonly machine: Machine;
  readonly rounds: number;
  /** Of each database: `PostgreSQL 18.4`. */
  readonly servers?: readonly string[];
  readonly comparisons: readonly ComparisonResult[];
}

/** Where they are. */
export const KEPT: string = join(RESULTS, "load");

/** The name of the file of a machine, without its suffix. */
export function machineName({ cpu, cores }: Pick<Machine, "cpu" | "cores">): string {
  const words = cpu.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
  return [...words, cores, "cores"].join("_");
}

/** Every run that is kept, by the names of their files. */
export async function keptRuns(folder: string = KEPT): Promise<KeptRun[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  return await Promise.all(
    names.map(async (name) => JSON.parse(await Deno.readTextFile(join(folder, name))) as KeptRun),
  );
}

/** Everything that a figure means nothing without, one line each. */
export function machineLines(
  { machine, versions, servers = [] }: Omit<KeptRun, "comparisons">,
): string[] {
  const { cpu, cores, mhz, memoryBytes, system, pageFaultMicros, syncMs } = machine;
  return [
    `${cpu}, ${cores} cores${mhz === undefined ? "" : ` of ${mhz} MHz`}, ` +
    `${(memoryBytes / 2 ** 30).toFixed(0)} GiB; ${system}`,
    ...(pageFaultMicros === undefined || syncMs === undefined
      ? ["its page faults and writes to disk were not measured"]
      : [
        `${pageFaultMicros.toFixed(2)} us a page fault, ${syncMs.toFixed(2)} ms a write to disk`,
      ]),
    [`Deno ${versions.deno}`, ...servers].join(", "),
  ];
}

/** The machine as it is now, without its costs. */
export async function thisMachine(): Promise<Machine> {
  return (await environment()).machine;
}

/** Each goal's worst figure over the runs, with its machine. */
export function worstLines(runs: readonly KeptRun[]): string[] {
  const rows = GOALS.flatMap((goal) => {
    const measured = runs.flatMap((run) => {
      const result = goalResult(goal, run.comparisons, FULL_SIZES);
      return result ? [{ result, run }] : [];
    });
    const [worst] = measured.toSorted((a, b) => badness(b.result) - badness(a.result));
    if (!worst) return [];
    const { result, run: { machine } } = worst;
    return [[
      result.what,
      figure(result, result.measured),
      figure(result, result.atLeast),
      figure(result, result.aim),
      `${measured.length}`,
      `${result.verdict}; ${machine.cpu}, ${machine.cores} cores`,
    ]];
  });
  return [
    "Runs that are kept",
    ...runs.flatMap((run) => [
      `  ${run.date.slice(0, 10)}, commit ${
        run.commit ?? "unknown"
      }, medians of ${run.rounds} rounds`,
      ...machineLines(run).map((line) => `    ${line}`),
    ]),
    "",
    "The worst of them, by medians",
    ...figureLines([["", "worst", "at least", "aim", "runs", ""], ...rows]),
  ];
}

function badness({ measured, less }: GoalResult): number {
  return less ? measured : -measured;
}
