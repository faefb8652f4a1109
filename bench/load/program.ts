import { cpuComparisons } from "./client_cpu.ts";
import type { Competitor } from "./competitor.ts";
import { type Comparison, comparisons, FULL_SIZES, without } from "./comparison.ts";
import type { BenchOptions } from "./options.ts";
import { observedComparisons } from "./observed.ts";
import { knownSettings } from "./snakepipe.ts";

/** Which comparisons are run, and in how many rounds. */
export interface PlannedComparison {
  readonly comparison: Comparison;
  /** Timed runs behind the one whose rows are checked; with none, that is the one that is timed. */
  readonly rounds: number;
}

/** Rows on which a short run sees whether everything works. */
const SHORT_ROWS = 2_000;
/** Rounds in which CPU alone is measured. */
const CPU_ROUNDS = 3;

/** The comparisons that were asked for, those of one database side by side. */
export async function program(options: BenchOptions): Promise<PlannedComparison[]> {
  const all = await allOf(options);
  const rounds = options.run === "short" ? 0 : options.run === "cpu" ? CPU_ROUNDS : options.rounds;
  const chosen = all
    .map((comparison) => without(comparison, (competitor) => takesPart(competitor, options)))
    .filter((comparison) => comparison !== undefined);
  return options.into.flatMap((database) =>
    chosen.filter((comparison) => comparison.database === database).map((comparison) => ({
      comparison,
      rounds,
    }))
  );
}

async function allOf(options: BenchOptions): Promise<Comparison[]> {
  switch (options.run) {
    case "cpu":
      return cpuComparisons();
    case "observed":
      return observedComparisons(options.rows ?? [FULL_SIZES.large]);
    default:
      return await everyComparison(options);
  }
}

async function everyComparison({ run, rows: given }: BenchOptions): Promise<Comparison[]> {
  const rows = given ?? (run === "short" ? [SHORT_ROWS] : undefined);
  const settings = await knownSettings();
  return comparisons(FULL_SIZES, { settings, ...(rows === undefined ? {} : { rows }) });
}

function takesPart(
  { name, side, slow, variant }: Competitor,
  { run, only }: BenchOptions,
): boolean {
  if (run === "short" && (side === "others" || variant)) return false;
  if (run === "fast" && slow) return false;
  return only.length === 0 || only.some((part) => name.toLowerCase().includes(part));
}
