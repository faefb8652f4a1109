/**
 * What of a host becomes numbers and spans. A row counts once its batch is known to be committed: the
 * database has confirmed the COMMIT, or the ledger has the batch from this run. What another run has
 * written counts in the ledger's rows alone.
 */
import type { BackendLoad, BreakerStatus, RowCounts } from "../../src/model/backend.ts";
import type { MetricMirror } from "../../src/audit/metrics.ts";
import { sumOf } from "../../src/load/ledger_index.ts";
import type { BatchEvent } from "../../src/load/loader.ts";
import type { LoadReport } from "../../src/load/report.ts";
import type { Retry } from "../../src/model/retry.ts";
import type { AuditedLoad } from "./audited_load.ts";
import type { LoadTrace } from "./telemetry.ts";

const BREAKER_STATES: Readonly<Record<BreakerStatus["state"], number>> = {
  closed: 0,
  half_open: 1,
  open: 2,
};

const NO_ROWS: RowCounts = { read: 0, committed: 0, superseded: 0, rejected: 0 };
const OUTCOMES = ["committed", "superseded", "rejected"] as const;

/** The numbers of a host, from what it hears. */
export class HostNumbers {
  readonly #metrics: MetricMirror;
  readonly #traceOf: ((about: AuditedLoad) => LoadTrace) | undefined;
  #running = 0;

  /** `traceOf` begins the spans of a load, where anybody wants them. */
  constructor(metrics: MetricMirror, traceOf?: (about: AuditedLoad) => LoadTrace) {
    this.#metrics = metrics;
    this.#traceOf = traceOf;
  }

  /** A load begins: what it comes to is told to what is returned. */
  load(about: AuditedLoad): LoadNumbers {
    this.#metrics.set("snakepipe.loads.running", {}, ++this.#running);
    return new LoadNumbers(this.#metrics, about, {
      trace: this.#traceOf?.(about),
      onEnd: () => this.#metrics.set("snakepipe.loads.running", {}, --this.#running),
    });
  }

  /** Something is tried again. */
  retry(backend: string, { step, code }: Retry): void {
    this.#metrics.add("snakepipe.retries", { backend, step, code }, 1);
  }

  /** A circuit breaker has changed. */
  breaker(backend: string, endpoint: string, { state }: BreakerStatus): void {
    this.#metrics.set("snakepipe.breaker.state", { backend, endpoint }, BREAKER_STATES[state]);
  }

  /** The connections of a pool have changed. */
  pool(
    { endpoint, role }: { readonly endpoint: string; readonly role: string },
    { open, leased }: { readonly open: number; readonly leased: number },
  ): void {
    const labels = { endpoint, role };
    this.#metrics.set("snakepipe.pool.connections", { ...labels, state: "idle" }, open - leased);
    this.#metrics.set("snakepipe.pool.connections", { ...labels, state: "leased" }, leased);
  }
}

/** The numbers of one load. */
export class LoadNumbers {
  readonly #metrics: MetricMirror;
  readonly #about: AuditedLoad;
  readonly #labels: { readonly backend: string; readonly table: string };
  readonly #trace: LoadTrace | undefined;
  readonly #onEnd: () => void;
  #inLedger: RowCounts = NO_ROWS;
  #isEnded = false;

  constructor(
    metrics: MetricMirror,
    about: AuditedLoad,
    { trace, onEnd }: { readonly trace: LoadTrace | undefined; readonly onEnd: () => void },
  ) {
    this.#metrics = metrics;
    this.#about = about;
    this.#labels = { backend: about.backend, table: about.table };
    this.#trace = trace;
    this.#onEnd = onEnd;
  }

  /** Does something that belongs to the load, so that its spans are below the load's. */
  within<T>(work: () => T): T {
    return this.#trace ? this.#trace.within(work) : work();
  }

  /** It was opened. */
  opened(load: BackendLoad): void {
    this.#trace?.opened(load);
    this.#ledgerHas(sumOf(load.batches.map(({ counts }) => counts)));
  }

  /** A batch is through. */
  batch(event: BatchEvent): void {
    const { result, bytes } = event;
    this.#trace?.batch(event);
    const labels = this.#labels;
    if (result.kind !== "written") {
      this.#metrics.add("snakepipe.batches", { ...labels, outcome: result.kind }, 1);
      return;
    }
    // A range in which there was no record is in no ledger.
    if (result.counts.read === 0) return;
    this.#ledgerHas(result.counts);
    if (result.alreadyIn && !result.ofThisRun) return;
    this.#metrics.add("snakepipe.batches", { ...labels, outcome: "written" }, 1);
    this.#metrics.add("snakepipe.bytes", labels, bytes);
    for (const outcome of OUTCOMES) {
      this.#metrics.add("snakepipe.rows", { ...labels, outcome }, result.counts[outcome]);
    }
    this.#metrics.record("snakepipe.batch.duration", labels, result.milliseconds / 1000);
  }

  /** It has ended. A second time does nothing. */
  ended(report: Pick<LoadReport, "state"> & Partial<LoadReport>, code?: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#metrics.add("snakepipe.loads", { ...this.#labels, state: report.state }, 1);
    this.#onEnd();
    this.#trace?.ended(report, this.#inLedger, code);
  }

  #ledgerHas(more: RowCounts): void {
    this.#inLedger = sumOf([this.#inLedger, more]);
    const labels = { ...this.#labels, source: this.#about.source };
    for (const outcome of OUTCOMES) {
      this.#metrics.set("snakepipe.ledger.rows", { ...labels, outcome }, this.#inLedger[outcome]);
    }
  }
}
