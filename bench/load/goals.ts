/** Holds what was measured against what is asked for. */
import { grouped } from "../../src/model/counted.ts";
import { type Goal, GOALS, type Measure } from "./goal_list.ts";
import type { ComparisonSizes } from "./comparison.ts";
import { perMillion } from "./client_cpu.ts";
import type { ComparisonResult, MeasuredResult } from "./result.ts";
import { DEFAULT } from "./snakepipe.ts";
import { TITLE } from "./title.ts";

/** One goal beside its figure. */
export interface GoalResult {
  readonly what: string;
  readonly unit: "times" | "seconds" | "bytes";
  readonly atLeast: number;
  readonly aim: number;
  /** Whether less is better. */
  readonly less: boolean;
  /** By the medians of the rounds, which decide. */
  readonly measured: number;
  /** By the best of the rounds, where two competitors are compared. */
  readonly best?: number;
  /** `met`: the aim; `at least`: what is the least; `not met`: neither. */
  readonly verdict: "met" | "at least" | "not met";
}

/** Every goal whose competitors took part, at the sizes that were run. */
export function goals(results: readonly ComparisonResult[], sizes: ComparisonSizes): GoalResult[] {
  return GOALS.map((goal) => goalResult(goal, results, sizes)).filter((g) => g !== undefined);
}

/** One goal; undefined where its competitors did not take part. */
export function goalResult(
  goal: Goal,
  results: readonly ComparisonResult[],
  sizes: ComparisonSizes,
): GoalResult | undefined {
  const figure = figureOf(goal, results, sizes);
  if (figure === undefined) return undefined;
  const { atLeast, aim } = goal;
  const less = aim < atLeast || goal.measure.kind === "longer";
  const reaches = (bound: number) => less ? figure.measured <= bound : figure.measured >= bound;
  return {
    what: goalTitle(goal, sizes),
    unit: unitOf(goal.measure),
    atLeast,
    aim,
    less,
    ...figure,
    verdict: reaches(aim) ? "met" : reaches(atLeast) ? "at least" : "not met",
  };
}

/** `Postgres, narrow: snakepipe to psql \copy, CSV`. */
export function goalTitle(
  { database, dataset, size, measure }: Goal,
  sizes: ComparisonSizes,
): string {
  const title = `${TITLE[database]}${dataset === undefined ? "" : `, ${dataset}`}`;
  switch (measure.kind) {
    case "faster":
      return `${title}: ${measure.own ?? DEFAULT}, to ${measure.than}`;
    case "longer":
      return `${title}: time for ${grouped(sizes[size])} rows, to ${measure.than}`;
    case "growth":
      return `${title}: rows per second, ${grouped(sizes[size])} to ${
        grouped(sizes[measure.from])
      } rows`;
    case "cpu":
      return `${title}: client CPU for a million rows`;
    case "peak":
      return `${title}: peak memory at ${grouped(sizes[size])} rows`;
  }
}

function unitOf({ kind }: Measure): GoalResult["unit"] {
  return kind === "cpu" ? "seconds" : kind === "peak" ? "bytes" : "times";
}

type Figure = Pick<GoalResult, "measured" | "best">;

function figureOf(
  { database, dataset = "nodes", size, measure }: Goal,
  results: readonly ComparisonResult[],
  sizes: ComparisonSizes,
): Figure | undefined {
  const competitor = (name: string, at: keyof ComparisonSizes = size) => {
    const result = results.find((r) =>
      r.database === database && r.dataset === dataset && r.rows === sizes[at]
    );
    const found = result?.competitors.find((c) => c.name === name);
    return found?.kind === "measured" ? found : undefined;
  };
  const ours = competitor(DEFAULT);
  switch (measure.kind) {
    case "faster":
      return compared(competitor(measure.than), competitor(measure.own ?? DEFAULT));
    case "longer":
      return compared(ours, competitor(measure.than));
    case "growth": {
      if (sizes[measure.from] === sizes[size]) return undefined;
      const times = compared(competitor(DEFAULT, measure.from), ours);
      return times && scaled(times, sizes[size] / sizes[measure.from]);
    }
    case "cpu":
      return plain(perMillion(ours, sizes[size]));
    case "peak":
      return plain(ours?.peakBytes);
  }
}

function compared(
  long: MeasuredResult | undefined,
  short: MeasuredResult | undefined,
): Figure | undefined {
  return long && short && {
    measured: long.medianSeconds / short.medianSeconds,
    best: long.bestSeconds / short.bestSeconds,
  };
}

function scaled({ measured, best }: Figure, times: number): Figure {
  return { measured: measured * times, ...(best === undefined ? {} : { best: best * times }) };
}

function plain(measured: number | undefined): Figure | undefined {
  return measured === undefined ? undefined : { measured };
}
