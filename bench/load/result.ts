/** Figures of the competitors, and what becomes of those of several rounds. */
import type { Side } from "./competitor.ts";
import type { DatabaseName, DatasetName } from "./dataset.ts";

/** One timed run. */
export interface RoundFigures {
  /** By the clock on the wall, of the whole process. */
  readonly seconds: number;
  /** What the competitor says. */
  readonly ownSeconds?: number;
  readonly clientCpuSeconds?: number;
  readonly serverCpuSeconds?: number;
  /** Of client and server; of the client where the database is a file. */
  readonly totalCpuSeconds?: number;
  readonly clientFaults?: number;
  /** Of client and server, like the CPU. */
  readonly totalFaults?: number;
  readonly peakBytes?: number;
}

/** What a competitor came to. */
export type CompetitorResult =
  | { readonly name: string; readonly side: Side; readonly kind: "absent"; readonly reason: string }
  | MeasuredResult;

/** A competitor that took part. */
export interface MeasuredResult {
  readonly name: string;
  readonly side: Side;
  readonly kind: "measured";
  readonly medianSeconds: number;
  readonly bestSeconds: number;
  /** By the best round. */
  readonly rowsPerSecond: number;
  /** Best of the reference by the best of this one: how many times as fast. */
  readonly ratio?: number;
  /** The same of the medians. */
  readonly ratioOfMedians?: number;
  /** Medians. */
  readonly clientCpuSeconds?: number;
  readonly serverCpuSeconds?: number;
  readonly totalCpuSeconds?: number;
  readonly clientFaults?: number;
  readonly totalFaults?: number;
  readonly ownSeconds?: number;
  /** The mean: a run is counted in ticks of 10 ms. */
  readonly meanClientCpuSeconds?: number;
  /** The largest. */
  readonly peakBytes?: number;
  /** Seconds of each round, in their order. */
  readonly rounds: readonly number[];
}

/** What a comparison came to. */
export interface ComparisonResult {
  readonly database: DatabaseName;
  readonly dataset: DatasetName;
  readonly rows: number;
  /** Of NDJSON. */
  readonly bytesPerRow: number;
  readonly competitors: readonly CompetitorResult[];
}

/** Puts the rounds of one competitor together. */
export function resultOf(
  who: Pick<MeasuredResult, "name" | "side">,
  rounds: readonly RoundFigures[],
  { rows, reference }: {
    readonly rows: number;
    readonly reference: readonly RoundFigures[] | undefined;
  },
): MeasuredResult {
  const bestSeconds = best(rounds);
  const medianSeconds = median(rounds.map((r) => r.seconds));
  const peaks = rounds.map((r) => r.peakBytes).filter((p) => p !== undefined);
  return {
    ...who,
    kind: "measured",
    medianSeconds,
    bestSeconds,
    rowsPerSecond: Math.round(rows / bestSeconds),
    ...(reference === undefined ? {} : {
      ratio: best(reference) / bestSeconds,
      ratioOfMedians: median(reference.map((r) => r.seconds)) / medianSeconds,
    }),
    ...medianOf(rounds, "clientCpuSeconds"),
    ...medianOf(rounds, "serverCpuSeconds"),
    ...medianOf(rounds, "totalCpuSeconds"),
    ...medianOf(rounds, "clientFaults"),
    ...medianOf(rounds, "totalFaults"),
    ...medianOf(rounds, "ownSeconds"),
    ...meanCpuOf(rounds),
    ...(peaks.length === 0 ? {} : { peakBytes: Math.max(...peaks) }),
    rounds: rounds.map((r) => r.seconds),
  };
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function meanCpuOf(rounds: readonly RoundFigures[]): { meanClientCpuSeconds?: number } {
  const values = rounds.map((r) => r.clientCpuSeconds).filter((value) => value !== undefined);
  if (values.length === 0) return {};
  return { meanClientCpuSeconds: values.reduce((sum, value) => sum + value, 0) / values.length };
}

function best(rounds: readonly RoundFigures[]): number {
  return Math.min(...rounds.map((r) => r.seconds));
}

function medianOf<K extends keyof RoundFigures>(
  rounds: readonly RoundFigures[],
  key: K,
): { [P in K]?: number } {
  const values = rounds.map((r) => r[key]).filter((value) => value !== undefined);
  return (values.length === 0 ? {} : { [key]: median(values) }) as { [P in K]?: number };
}
