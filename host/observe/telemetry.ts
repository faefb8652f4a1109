/**
 * OpenTelemetry: spans of loads, and their numbers, for whatever is registered with its API. Deno's own
 * exporter is, where `OTEL_DENO=true` is set. Without one, nothing of this is loaded.
 */
import {
  context,
  type Counter,
  type Gauge,
  type Histogram,
  metrics as metricsApi,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { BackendLoad, RowCounts } from "../../src/model/backend.ts";
import {
  DURATION_BOUNDS,
  type MetricAbout,
  type MetricLabels,
  type MetricMirror,
  type MetricName,
  METRICS,
} from "../../src/audit/metrics.ts";
import type { BatchEvent } from "../../src/load/loader.ts";
import type { LoadReport } from "../../src/load/report.ts";
import { stepsTo } from "../../src/model/step.ts";
import type { AuditedLoad } from "./audited_load.ts";

/** What spans and numbers are called by; the version of what they mean. */
const SCOPE = ["snakepipe", "1"] as const;

/** The spans of one load. */
export interface LoadTrace {
  /** Does something whose spans belong below the load's. */
  within<T>(work: () => T): T;
  opened(load: BackendLoad): void;
  batch(event: BatchEvent): void;
  ended(
    report: Pick<LoadReport, "state"> & Partial<LoadReport>,
    inLedger: RowCounts,
    code: string | undefined,
  ): void;
}

/** Begins the spans of a load, from where it is called. */
export function traceLoad({ backend, table, mode, source, plugin }: AuditedLoad): LoadTrace {
  const tracer = trace.getTracer(...SCOPE);
  const span = tracer.startSpan("load", {
    attributes: named({ backend, table, mode, source, plugin: plugin?.name }),
  });
  const below = trace.setSpan(context.active(), span);
  return {
    within: (work) => context.with(below, work),
    opened: ({ id, generation, run, planHash, lanes }) =>
      void span.setAttributes(
        named({ "load.id": id, "load.run": run, generation, planHash, lanes }),
      ),
    batch: (event) => {
      const end = Date.now();
      const { batch: { sequence, byteOffset }, rows, bytes, result } = event;
      const took = result.kind === "written" ? result.milliseconds : 0;
      const child = tracer.startSpan("batch", {
        startTime: end - took,
        attributes: named({ sequence, byteOffset, rows, bytes, outcome: result.kind }),
      }, below);
      if (result.kind === "written") {
        const { committed, superseded, rejected } = result.counts;
        const { alreadyIn = false, ofThisRun, commitMilliseconds } = result;
        child.setAttributes(named({ committed, superseded, rejected, alreadyIn, ofThisRun }));
        if (commitMilliseconds !== undefined) {
          const above = trace.setSpan(below, child);
          tracer.startSpan("commit", { startTime: end - commitMilliseconds }, above).end(end);
        }
      } else {
        const code = result.kind === "reject" ? result.rows[0]?.code : result.failure.code;
        fail(child, code);
      }
      child.end(end);
    },
    ended: ({ state, read, committed, skipped, rejected, superseded, batches }, ledger, code) => {
      span.setAttributes(named({ state, read, committed, skipped, rejected, superseded, batches }));
      span.setAttributes(named({
        "ledger.committed": ledger.committed,
        "ledger.superseded": ledger.superseded,
        "ledger.rejected": ledger.rejected,
      }));
      if (state !== "complete") fail(span, code);
      span.end();
    },
  };
}

/** Messages may name what nobody outside is to know: a code says what it was. */
function fail(span: Span, code: string | undefined): void {
  span.setStatus({ code: SpanStatusCode.ERROR, ...(code === undefined ? {} : { message: code }) });
  if (code !== undefined) span.setAttribute("error.type", code);
}

/** Makes spans of the steps of this thread. */
export function traceSteps(): void {
  const tracer = trace.getTracer(...SCOPE);
  stepsTo(async (name, figures, work) => {
    const span = tracer.startSpan(name, { attributes: named(figures) });
    try {
      return await context.with(trace.setSpan(context.active(), span), work);
    } catch (error) {
      fail(span, codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** Hands numbers on as they come. */
export function mirrorMetrics(): MetricMirror {
  const meter = metricsApi.getMeter(...SCOPE);
  const counters = new Map<MetricName, Counter>();
  const gauges = new Map<MetricName, Gauge>();
  const histograms = new Map<MetricName, Histogram>();
  const made = <T>(all: Map<MetricName, T>, name: MetricName, make: (about: MetricAbout) => T) => {
    const there = all.get(name);
    if (there) return there;
    const instrument = make(METRICS[name]);
    all.set(name, instrument);
    return instrument;
  };
  const about = ({ unit, help: description }: MetricAbout) => ({ unit, description });
  return {
    add: (name, labels, value) =>
      made(counters, name, (a) => meter.createCounter(name, about(a))).add(value, named(labels)),
    set: (name, labels, value) =>
      made(gauges, name, (a) => meter.createGauge(name, about(a))).record(value, named(labels)),
    record: (name, labels, value) =>
      made(histograms, name, (a) =>
        meter.createHistogram(name, {
          ...about(a),
          advice: { explicitBucketBoundaries: [...DURATION_BOUNDS] },
        })).record(value, named(labels)),
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type Attribute = string | number | boolean;

/** Attributes under our own name, those that are undefined left out. */
function named(
  values: MetricLabels | Readonly<Record<string, Attribute | undefined>>,
): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Attribute] => entry[1] !== undefined)
      .map(([name, value]) => [`snakepipe.${snakeCase(name)}`, value]),
  );
}
