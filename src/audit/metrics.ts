/**
 * The numbers of a host: what loads have come to, and how connections are. Each is added up here, and
 * handed on as it comes to whoever mirrors it.
 */
import { LIMITS } from "../model/limits.ts";

/** Names and what they stand for, with values that are texts. */
export type MetricLabels = Readonly<Record<string, string>>;

/** What is counted, in one place for all forms in which it is told. */
export interface MetricAbout {
  /** `counter` only grows, `gauge` is what it was set to last, `histogram` counts by size. */
  readonly kind: "counter" | "gauge" | "histogram";
  /** In one sentence. */
  readonly help: string;
  /** By UCUM, a thing that is counted in braces. */
  readonly unit: string;
}

/** The name of a metric. */
export type MetricName =
  | "snakepipe.rows"
  | "snakepipe.bytes"
  | "snakepipe.batches"
  | "snakepipe.batch.duration"
  | "snakepipe.ledger.rows"
  | "snakepipe.loads"
  | "snakepipe.loads.running"
  | "snakepipe.retries"
  | "snakepipe.breaker.state"
  | "snakepipe.pool.connections";

/** Every metric, by its name. */
export const METRICS: Readonly<Record<MetricName, MetricAbout>> = {
  "snakepipe.rows": {
    kind: "counter",
    unit: "{row}",
    help:
      "Rows of batches that are committed, by what became of them: committed, superseded, rejected.",
  },
  "snakepipe.bytes": {
    kind: "counter",
    unit: "By",
    help: "Bytes of the source in batches that are committed.",
  },
  "snakepipe.batches": {
    kind: "counter",
    unit: "{batch}",
    help: "Batches by what became of them: written, or why not.",
  },
  "snakepipe.batch.duration": {
    kind: "histogram",
    unit: "s",
    help: "Encoding and writing of a committed batch.",
  },
  "snakepipe.ledger.rows": {
    kind: "gauge",
    unit: "{row}",
    help: "Rows that the ledger has of a load, of all its runs, by what became of them.",
  },
  "snakepipe.loads": {
    kind: "counter",
    unit: "{load}",
    help: "Loads that have ended, by how: complete, failed, cancelled.",
  },
  "snakepipe.loads.running": {
    kind: "gauge",
    unit: "{load}",
    help: "Loads that are under way.",
  },
  "snakepipe.retries": {
    kind: "counter",
    unit: "{attempt}",
    help: "Further attempts at what failed for a while, by step and error code.",
  },
  "snakepipe.breaker.state": {
    kind: "gauge",
    unit: "1",
    help: "Circuit breaker of a backend: 0 closed, 1 half open, 2 open.",
  },
  "snakepipe.pool.connections": {
    kind: "gauge",
    unit: "{connection}",
    help: "Connections of a pool by state: idle, leased.",
  },
};

/** Upper bounds of the batch durations, in seconds: from a small batch to a large range. */
export const DURATION_BOUNDS: readonly number[] = [
  ...[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10, 30, 60],
];

/** Hears of each number as it comes. */
export interface MetricMirror {
  /** A counter grows by so much. */
  add(name: MetricName, labels: MetricLabels, value: number): void;
  /** A gauge is set. */
  set(name: MetricName, labels: MetricLabels, value: number): void;
  /** A histogram takes one more value. */
  record(name: MetricName, labels: MetricLabels, value: number): void;
}

/** The numbers under one set of labels. */
export interface MetricSeries {
  /** What tells it from the others of its metric. */
  readonly labels: MetricLabels;
  /** Of a histogram, the sum of what it took. */
  readonly value: number;
  /** Of a histogram, how many values are at most as large as each bound, and all of them at the end. */
  readonly buckets?: readonly number[];
}

interface OwnSeries {
  readonly labels: MetricLabels;
  value: number;
  buckets?: number[];
}

/**
 * Where there are too many sets of labels, the rest is counted under this one. Of gauges, those that
 * came first are forgotten instead.
 */
const OVERFLOW: MetricLabels = { overflow: "true" };

/** The numbers of a host, by name and labels. */
export class MetricSet implements MetricMirror {
  readonly #series = new Map<MetricName, Map<string, OwnSeries>>();
  readonly #mirror: MetricMirror | undefined;

  /** Begins at nothing. */
  constructor(mirror?: MetricMirror) {
    this.#mirror = mirror;
  }

  /** Lets a counter grow. */
  add(name: MetricName, labels: MetricLabels, value: number): void {
    if (value === 0) return;
    const series = this.#of(name, labels);
    series.value += value;
    this.#mirror?.add(name, series.labels, value);
  }

  /** Sets a gauge. */
  set(name: MetricName, labels: MetricLabels, value: number): void {
    const series = this.#of(name, labels);
    series.value = value;
    this.#mirror?.set(name, series.labels, value);
  }

  /** Has a histogram take one more value. */
  record(name: MetricName, labels: MetricLabels, value: number): void {
    const series = this.#of(name, labels);
    series.value += value;
    const buckets = series.buckets ??= Array(DURATION_BOUNDS.length + 1).fill(0);
    const first = DURATION_BOUNDS.findIndex((bound) => value <= bound);
    for (let i = first < 0 ? DURATION_BOUNDS.length : first; i < buckets.length; i++) {
      buckets[i]! += 1;
    }
    this.#mirror?.record(name, series.labels, value);
  }

  /** All of one name, in the order in which they came. */
  of(name: MetricName): readonly MetricSeries[] {
    return [...this.#series.get(name)?.values() ?? []];
  }

  #of(name: MetricName, labels: MetricLabels): OwnSeries {
    let all = this.#series.get(name);
    if (!all) this.#series.set(name, all = new Map());
    const key = JSON.stringify(Object.entries(labels));
    const known = all.get(key);
    if (known) return known;
    if (all.size >= LIMITS.metricSeriesMax && labels !== OVERFLOW) {
      if (METRICS[name].kind !== "gauge") return this.#of(name, OVERFLOW);
      const [oldest] = all.keys();
      all.delete(oldest!);
    }
    const series: OwnSeries = { labels, value: 0 };
    all.set(key, series);
    return series;
  }
}
