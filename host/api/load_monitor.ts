/**
 * How a load gets on: a sample each second of the run that is under way, what its batches took, and what it
 * has left out. What it holds is bounded, however long the run and however small its batches.
 */
import type { BatchEvent, LoadProgress } from "../../src/load/loader.ts";
import type { RejectedRow } from "../../src/model/batch.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { placeAndReason } from "../../src/load/rejection.ts";
import type { World } from "../../src/model/world.ts";
import type { LoadRejects, LoadSample, LoadStatus } from "./load_schema.ts";

const STEP_MS = 1_000;
/** Samples that a rate is taken over. */
const RATE_STEPS = 5;
/** Batches of one step whose times are kept: of more, those that came last. */
const TIMES_MAX = 1_000;

/** What a run tells its monitor. */
export interface RunListeners {
  readonly onStart: (progress: () => LoadProgress) => void;
  readonly onBatch: (event: BatchEvent) => void;
}

/** How a load gets on. */
export class LoadMonitor {
  readonly #world: World;
  #progress: (() => LoadProgress) | undefined;
  #samples: LoadSample[] = [];
  #rejects = new Map<string, { count: number; readonly example: string }>();
  #kept: Omit<LoadRejects, "byCode"> = {};
  /** Milliseconds of the batches since the last sample; the oldest is the next to go. */
  #times: number[] = [];
  #timed = 0;
  #stop = new AbortController();

  /** Nothing runs yet. */
  constructor(world: World) {
    this.#world = world;
  }

  /**
   * A run begins: what is returned is to be told of it. What was known of the one before is forgotten.
   *
   * @param kept Where the rows are kept that it leaves out.
   */
  begin(kept: Omit<LoadRejects, "byCode">): RunListeners {
    this.end();
    this.#kept = kept;
    this.#stop = new AbortController();
    [this.#samples, this.#times, this.#timed, this.#rejects] = [[], [], 0, new Map()];
    return {
      onStart: (progress) => {
        this.#progress = progress;
        void this.#watch(this.#stop.signal);
      },
      onBatch: (event) => this.#batch(event),
    };
  }

  /** The run has ended; a second time does nothing. */
  end(): void {
    if (this.#progress) this.#sample();
    this.#progress = undefined;
    this.#stop.abort();
  }

  /** How far the run is; undefined while none is under way. */
  get progress(): LoadProgress | undefined {
    return this.#progress?.();
  }

  /** How fast the run was over the last five seconds; undefined before the second sample. */
  get rate(): LoadStatus["rate"] {
    if (!this.#progress) return undefined;
    const [first, last] = [
      this.#samples.at(-1 - RATE_STEPS) ?? this.#samples[0],
      this.#samples.at(-1),
    ];
    if (!first || !last || last.at <= first.at) return undefined;
    const seconds = (last.at - first.at) / 1000;
    return {
      rowsPerSecond: Math.round((last.rows - first.rows) / seconds),
      bytesPerSecond: Math.round((last.bytes - first.bytes) / seconds),
    };
  }

  /** Of the run that is under way, or of the last one: the oldest first. */
  get samples(): readonly LoadSample[] {
    return this.#samples;
  }

  /** Rows that could not be loaded, the first reason first; undefined where there is none. */
  get rejects(): LoadRejects | undefined {
    if (this.#rejects.size === 0) return undefined;
    const byCode = [...this.#rejects].map(([code, counted]) => ({ code, ...counted }));
    return { byCode, ...this.#kept };
  }

  async #watch(signal: AbortSignal): Promise<void> {
    for (;;) {
      this.#sample();
      try {
        await this.#world.sleep(STEP_MS, signal);
      } catch {
        return;
      }
    }
  }

  #sample(): void {
    const { rowsCommitted: rows, bytesRead: bytes, batches } = this.#progress!();
    const times = this.#times.sort((a, b) => a - b);
    const latency = times.length === 0 ? undefined : {
      p50: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      max: times.at(-1)!,
    };
    const at = Math.round(this.#world.now());
    this.#samples.push({ at, rows, bytes, batches, ...latency && { latency } });
    if (this.#samples.length > LIMITS.samplesMax) this.#samples.shift();
    [this.#times, this.#timed] = [[], 0];
  }

  #batch({ result }: BatchEvent): void {
    if (result.kind === "reject") return this.#reject(result.rows);
    if (result.kind !== "written" || (result.alreadyIn && !result.ofThisRun)) return;
    this.#times[this.#timed++ % TIMES_MAX] = Math.round(result.milliseconds * 10) / 10;
    if (result.rejects) this.#reject(result.rejects);
  }

  #reject(rows: readonly RejectedRow[]): void {
    for (const row of rows) {
      const known = this.#rejects.get(row.code);
      if (known) known.count++;
      else this.#rejects.set(row.code, { count: 1, example: exampleOf(row) });
    }
  }
}

function exampleOf(row: RejectedRow): string {
  const { path, message } = placeAndReason(row);
  return `${path}: ${message}`;
}

/** The least of sorted numbers that so large a share of them is at most. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1]!;
}
