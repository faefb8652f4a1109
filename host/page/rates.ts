/** What a load does over time, from the samples of it, for charts and in words. */
import type { LoadSample } from "../api/load_schema.ts";
import { counted } from "../../src/model/counted.ts";
import { bytes, duration } from "./format.ts";

/** Batches come in bursts: a rate is that of so long. */
const WINDOW_MS = 5_000;

/** Values over time; null where there is none. */
export interface Rates {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly rowsPerSecond: readonly (number | null)[];
  readonly bytesPerSecond: readonly (number | null)[];
  /** Milliseconds. */
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/** Rates of a load at each sample but the first. */
export function ratesOf(samples: readonly LoadSample[]): Rates {
  const later = samples.slice(1);
  const windows = later.map((sample, i) => [windowStart(samples, i + 1), sample] as const);
  const rate = (of: "rows" | "bytes") =>
    windows.map(([from, to]) =>
      to.at > from.at ? Math.round((to[of] - from[of]) / ((to.at - from.at) / 1000)) : null
    );
  const latency = (of: "p50" | "p95" | "max") => later.map(({ latency }) => latency?.[of] ?? null);
  return {
    times: later.map(({ at }) => at / 1000),
    rowsPerSecond: rate("rows"),
    bytesPerSecond: rate("bytes"),
    ...{ p50: latency("p50"), p95: latency("p95"), max: latency("max") },
  };
}

/** Whether there is a line to draw, which needs two points: a run that is over at once has none. */
export function areDrawn({ times }: Rates): boolean {
  return times.length > 1;
}

/** The last sample that is at least a window older, else the first. */
function windowStart(samples: readonly LoadSample[], index: number): LoadSample {
  const until = samples[index]!.at - WINDOW_MS;
  for (let i = index - 1; i > 0; i--) if (samples[i]!.at <= until) return samples[i]!;
  return samples[0]!;
}

/** What the chart of throughput shows, in words. */
export function throughputText({ times, rowsPerSecond, bytesPerSecond }: Rates): string {
  const rows = numbers(rowsPerSecond);
  if (rows.length === 0) return "Nothing was measured yet.";
  const [last, most] = [rows.at(-1)!, Math.max(...rows)].map((rate) =>
    counted(rate, "row/s", "rows/s")
  );
  return `${last} and ${bytes(numbers(bytesPerSecond).at(-1)!)}/s at the end of ` +
    `${spanOf(times)}; at most ${most}.`;
}

/** What the chart of latency shows, in words. */
export function latencyText({ times, p50, p95, max }: Rates): string {
  const [middle, slow, slowest] = [p50, p95, max].map(numbers) as [number[], number[], number[]];
  if (middle.length === 0) return "No batch was measured yet.";
  return `Lately the median is ${duration(middle.at(-1)!)}, the 95th percentile ` +
    `${duration(slow.at(-1)!)}; the slowest in ${spanOf(times)} took ` +
    `${duration(Math.max(...slowest))}.`;
}

function numbers(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function spanOf(times: readonly number[]): string {
  return duration(Math.max(1, times.at(-1)! - times[0]!) * 1000);
}
