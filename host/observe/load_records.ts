import type { BackendLoad, DatabaseBackend } from "../../src/model/backend.ts";
import type { BatchEvent, LoadProgress } from "../../src/load/loader.ts";
import type { LoadReport } from "../../src/load/report.ts";
import type { Retry } from "../../src/model/retry.ts";
import type { AuditSink } from "../../src/audit/audit.ts";
import type { HostNumbers, LoadNumbers } from "./load_numbers.ts";
import type { AuditedLoad } from "./audited_load.ts";
import type { AboutLoad, RunningLoad } from "./running/running_load.ts";
import type { RunningLoads } from "./running/running_loads.ts";

/** Who hears of loads. */
export interface LoadListeners {
  readonly audit: AuditSink;
  readonly numbers: HostNumbers;
  /** Left out where other shells are not to see the load. */
  readonly running: RunningLoads | undefined;
}

/**
 * Tells the audit log, the host's numbers and other shells of a load: that it began, each batch, and how it
 * ended.
 */
export class LoadRecords {
  readonly #listeners: LoadListeners;
  readonly #about: AuditedLoad;
  readonly #place: Pick<AboutLoad, "name" | "endpoint">;
  #numbers: LoadNumbers | undefined;
  #running: RunningLoad | undefined;
  #load: string | undefined;

  /** The records of one load. */
  constructor(
    listeners: LoadListeners,
    about: AuditedLoad,
    place: Pick<AboutLoad, "name" | "endpoint">,
  ) {
    this.#listeners = listeners;
    this.#about = about;
    this.#place = place;
  }

  /** It begins, which is when it is opened where nobody says so before. */
  begin(): void {
    if (this.#numbers) return;
    this.#numbers = this.#listeners.numbers.load(this.#about);
    this.#running = this.#listeners.running?.begin({ ...this.#about, ...this.#place });
  }

  /** Takes what tells how much of the source was read. */
  follow(progress: () => LoadProgress): void {
    this.#running?.follow(progress);
  }

  /** Something of it is tried again. */
  retried(retry: Retry): void {
    this.#running?.retried(retry);
  }

  /** Does something that is a part of it. */
  within<T>(work: () => T): T {
    return this.#numbers ? this.#numbers.within(work) : work();
  }

  /** It was opened. */
  started(load: BackendLoad): void {
    const { id, generation, planHash } = load;
    this.begin();
    this.#numbers?.opened(load);
    this.#running?.opened(load);
    this.#load = id;
    const { plugin, ...about } = this.#about;
    this.#listeners.audit({
      event: "load_started",
      load: id,
      generation,
      ...about,
      planHash,
      ...(plugin ? { pluginSha256: plugin.sha256 } : {}),
    });
  }

  /** A batch is through. */
  batch(event: BatchEvent): void {
    const { batch, rows, result } = event;
    this.#numbers?.batch(event);
    this.#running?.batch(event);
    const code = result.kind === "reject"
      ? result.rows[0]?.code
      : result.kind === "written"
      ? undefined
      : result.failure.code;
    this.#listeners.audit({
      event: "batch",
      load: this.#load ?? "",
      sequence: batch.sequence,
      ...(batch.ordinal === undefined ? {} : { ordinal: batch.ordinal }),
      rows,
      outcome: result.kind,
      ...(result.kind === "written"
        ? { committed: result.counts.committed, contentHash: result.contentHash }
        : {}),
      ...(code === undefined ? {} : { code }),
    });
  }

  /** It has ended. */
  ended(
    report: Pick<LoadReport, "state" | "read" | "committed"> & Partial<LoadReport>,
    code?: string,
  ): void {
    const { state, read, committed } = report;
    this.#numbers?.ended(report, code);
    if (this.#running) this.#listeners.running!.end(this.#running);
    this.#listeners.audit({
      event: "load_ended",
      load: this.#load,
      state,
      read,
      committed,
      ...(code === undefined ? {} : { code }),
    });
  }
}

/** The plugin behind a backend, as reports name it; undefined for backends in TypeScript. */
export function pluginOf(backend: DatabaseBackend): LoadReport["plugin"] {
  if (!backend.plugin) return undefined;
  const { manifest, sha256 } = backend.plugin;
  return { name: manifest.name, version: manifest.version, sha256 };
}
