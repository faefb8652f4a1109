import type { BackendLoad, DatabaseBackend } from "../../src/model/backend.ts";
import type { WriteMode } from "../../src/model/batch.ts";
import type { BatchEvent } from "../../src/load/loader.ts";
import type { LoadReport } from "../../src/load/report.ts";
import type { AuditSink } from "../../src/audit/audit.ts";

/** The load, as it is known before it is opened. */
export interface AuditedLoad {
  readonly backend: string;
  readonly table: string;
  readonly mode: WriteMode;
  readonly source: string;
  readonly plugin?: LoadReport["plugin"];
}

/** What of a load the audit log hears: that it began, each batch, and how it ended. */
export class LoadAudit {
  readonly #sink: AuditSink;
  readonly #about: AuditedLoad;
  #load: string | undefined;

  /** The audit of one load. */
  constructor(sink: AuditSink, about: AuditedLoad) {
    this.#sink = sink;
    this.#about = about;
  }

  /** It was opened. */
  started({ id, generation, planHash }: BackendLoad): void {
    this.#load = id;
    const { plugin, ...about } = this.#about;
    this.#sink({
      event: "load_started",
      load: id,
      generation,
      ...about,
      planHash,
      ...(plugin ? { pluginSha256: plugin.sha256 } : {}),
    });
  }

  /** A batch is through. */
  batch({ batch, rows, result }: BatchEvent): void {
    const code = result.kind === "reject"
      ? result.rows[0]?.code
      : result.kind === "written"
      ? undefined
      : result.failure.code;
    this.#sink({
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
    { state, read, committed }: Pick<LoadReport, "state" | "read" | "committed">,
    code?: string,
  ): void {
    this.#sink({
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
