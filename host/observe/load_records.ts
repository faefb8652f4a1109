import type { BackendLoad, DatabaseBackend } from "../../src/model/backend.ts";
import type { BatchEvent } from "../../src/load/loader.ts";
import type { LoadReport } from "../../src/load/report.ts";
import type { AuditSink } from "../../src/audit/audit.ts";
import type { HostNumbers, LoadNumbers } from "./load_numbers.ts";
import type { AuditedLoad } from "./audited_load.ts";

/** Who hears of loads. */
export interface LoadListeners {
  readonly audit: AuditSink;
  readonly numbers: HostNumbers;
}

/** Tells the audit log and the host's numbers of a load: that it began, each batch, and how it ended. */
export class LoadRecords {
  readonly #listeners: LoadListeners;
  readonly #about: AuditedLoad;
  #numbers: LoadNumbers | undefined;
  #load: string | undefined;

  /** The records of one load. */
  constructor(listeners: LoadListeners, about: AuditedLoad) {
    this.#listeners = listeners;
    this.#about = about;
  }

  /** It begins, which is when it is opened where nobody says so before. */
  begin(): void {
    this.#numbers ??= this.#listeners.numbers.load(this.#about);
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
