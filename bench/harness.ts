/**
 * The one harness of all benches, on tinybench: cases beside their baselines in the same run, so
 * that what counts is the ratio; figures as a table for people and as JSON in `bench/results`.
 */
import { fromFileUrl, join } from "@std/path";
import { Bench } from "tinybench";
import { tableLines } from "../host/cli/output/text_table.ts";
import { grouped } from "../src/model/counted.ts";
import { environment } from "./environment.ts";
import { measureInterleaved } from "./interleaved.ts";

/** Where results are kept. */
export const RESULTS: string = fromFileUrl(new URL("./results", import.meta.url));

/** How long one case is measured, in milliseconds, and warmed up before. */
const MEASURE_MS = 700;
const WARM_UP_MS = 250;
const SAMPLES_MIN = 100;

/** What a case should take, judged by its median. */
export type Goal =
  /** No longer than this. */
  | { readonly kind: "time"; readonly msMax: number }
  /** No longer than its baseline and this. */
  | { readonly kind: "overhead"; readonly msMax: number }
  /** No longer than so many times its baseline. */
  | { readonly kind: "ratio"; readonly timesMax: number };

/** Something to measure. */
export interface BenchCase {
  readonly name: string;
  /** What is timed; a promise is waited for. */
  run(): unknown;
  /** Calls in one sample, for what takes less than a few microseconds; 1 by default. */
  readonly calls?: number;
  /** Before each sample, not timed. */
  before?(): Promise<void> | void;
  /** After each sample, not timed. */
  after?(): Promise<void> | void;
  /** The case of the same suite that does the same without the plugin layer. */
  readonly baseline?: string;
  readonly goal?: Goal;
  /** Bytes that one call works through, where that is what counts. */
  readonly bytes?: number;
}

/** Cases that are measured together. */
export interface BenchSuite {
  /** Name of the result file. */
  readonly name: string;
  /** What it tells, for people. */
  readonly title: string;
  readonly cases: readonly BenchCase[];
  /** Whether the cases take turns, sample by sample: for ratios near 1. */
  readonly inTurns?: boolean;
  /** Lets go of what the cases hold. */
  close?(): Promise<void>;
}

/** What was measured of one case, in milliseconds a call; tinybench's words for it. */
export interface Latency {
  readonly p50: number;
  readonly p75: number;
  readonly p99: number;
  readonly min: number;
  readonly samplesCount: number;
}

/** The figures of one case, in milliseconds a call. */
export interface CaseResult {
  readonly name: string;
  readonly medianMs: number;
  readonly p75Ms: number;
  readonly p99Ms: number;
  readonly minMs: number;
  readonly samples: number;
  /** Calls in one sample. */
  readonly calls: number;
  readonly baseline?: string;
  /** Median by the median of the baseline. */
  readonly ratio?: number;
  readonly goal?: Goal & { readonly met: boolean };
  /** Millions of bytes a second, by the median and at best, where a case works through bytes. */
  readonly speed?: { readonly median: number; readonly best: number };
}

/** The figures of a suite. */
export interface SuiteResult {
  readonly suite: string;
  readonly title: string;
  readonly cases: readonly CaseResult[];
}

/**
 * Measures a suite, shows its table and keeps its figures.
 *
 * @throws whatever a case throws: a bench that fails measures nothing
 */
export async function runSuite(suite: BenchSuite): Promise<SuiteResult> {
  const results = new Map<string, CaseResult>();
  try {
    const limits = { measureMs: MEASURE_MS, warmUpMs: WARM_UP_MS };
    const turns = suite.inTurns ? await measureInterleaved(suite.cases, limits) : undefined;
    for (const [i, each] of suite.cases.entries()) {
      results.set(each.name, resultOf(each, turns?.[i] ?? await measure(each), results));
    }
  } finally {
    await suite.close?.();
  }
  const result = { suite: suite.name, title: suite.title, cases: [...results.values()] };
  await keepResult(suite.name, result);
  for (const line of suiteLines(result)) console.log(line);
  return result;
}

/** Writes a result with its environment to `bench/results/<name>.json`. */
export async function keepResult(name: string, result: object): Promise<void> {
  await Deno.mkdir(RESULTS, { recursive: true });
  const text = JSON.stringify({ ...await environment(), ...result }, undefined, 2);
  await Deno.writeTextFile(join(RESULTS, `${name}.json`), text + "\n");
}

/** `ok` or `over`, behind what was asked for. */
export function verdict(goal: CaseResult["goal"]): string {
  return goal === undefined ? "" : `${goalText(goal)} ${goal.met ? "ok" : "OVER"}`;
}

function goalText(goal: Goal): string {
  switch (goal.kind) {
    case "time":
      return durationText(goal.msMax);
    case "overhead":
      return `baseline + ${durationText(goal.msMax)}`;
    case "ratio":
      return `${goal.timesMax.toFixed(2)} x`;
  }
}

/** A time with a unit that suits it. */
export function durationText(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms >= 1) return `${ms.toPrecision(3)} ms`;
  return ms >= 0.001 ? `${Number((ms * 1_000).toPrecision(3))} µs` : `${(ms * 1e6).toFixed(0)} ns`;
}

async function measure(each: BenchCase): Promise<Latency> {
  const { name, calls = 1 } = each;
  const bench = new Bench({
    time: MEASURE_MS,
    warmupTime: WARM_UP_MS,
    iterations: SAMPLES_MIN,
    throws: true,
  });
  bench.add(name, calls === 1 ? () => each.run() : () => repeated(each, calls), {
    ...(each.before ? { beforeEach: () => each.before!() } : {}),
    ...(each.after ? { afterEach: () => each.after!() } : {}),
    async: true,
  });
  const [task] = await bench.run();
  const { result } = task!;
  if (result.state !== "completed") throw new Error(`${name} was not measured: ${result.state}`);
  return result.latency;
}

function resultOf(
  each: BenchCase,
  { p50, p75, p99, min, samplesCount }: Latency,
  before: ReadonlyMap<string, CaseResult>,
): CaseResult {
  const { name, calls = 1, goal, bytes } = each;
  const base = each.baseline === undefined ? undefined : before.get(each.baseline);
  if (each.baseline !== undefined && base === undefined) {
    throw new Error(`${name} stands before its baseline ${each.baseline}`);
  }
  const baseMs = base?.medianMs ?? 0;
  return {
    name,
    medianMs: p50,
    p75Ms: p75,
    p99Ms: p99,
    minMs: min,
    samples: samplesCount,
    calls,
    ...(base === undefined ? {} : { baseline: base.name, ratio: p50 / baseMs }),
    ...(goal === undefined ? {} : { goal: { ...goal, met: p50 <= limitMs(goal, baseMs) } }),
    ...(bytes === undefined
      ? {}
      : { speed: { median: bytes / p50 / 1_000, best: bytes / min / 1_000 } }),
  };
}

function limitMs(goal: Goal, baseMs: number): number {
  switch (goal.kind) {
    case "time":
      return goal.msMax;
    case "overhead":
      return baseMs + goal.msMax;
    case "ratio":
      return baseMs * goal.timesMax;
  }
}

/** One sample of several calls: what the clock costs is shared by all of them. */
async function repeated({ run }: BenchCase, calls: number): Promise<object> {
  const began = performance.now();
  for (let i = 0; i < calls; i++) {
    const value = run();
    if (value instanceof Promise) await value;
  }
  const tookMs = performance.now() - began;
  return { overriddenDuration: tookMs / calls, overriddenIterationCost: tookMs };
}

function suiteLines({ title, cases }: SuiteResult): string[] {
  const rows = cases.map((c) => [
    c.name,
    durationText(c.medianMs),
    durationText(c.p75Ms),
    durationText(c.p99Ms),
    durationText(c.minMs),
    grouped(c.samples),
    c.ratio === undefined ? "" : `${c.ratio.toFixed(2)} x`,
    speedText(c.speed),
    verdict(c.goal),
  ]);
  const head = ["", "median", "p75", "p99", "min", "samples", "baseline", "MB/s (best)", "target"];
  return ["", title, ...figureLines([head, ...rows])];
}

function speedText(speed: CaseResult["speed"]): string {
  return speed === undefined ? "" : `${speed.median.toFixed(0)} (${speed.best.toFixed(0)})`;
}

/** Lines of a table whose columns end at the right, but for the first and the last. */
export function figureLines(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const last = widths.length - 1;
  return tableLines(
    rows.map((row) =>
      row.map((cell, i) => i === 0 || i === last ? cell : cell.padStart(widths[i]!))
    ),
  ).map((line) => `  ${line}`);
}
