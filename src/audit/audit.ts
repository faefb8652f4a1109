/**
 * The audit log's records: what was done, by which plugin, to which table, with which outcome.
 * Never a value of a row, never a secret: the types have no place for them.
 */
import type { BreakerState, HealthStatus } from "../model/backend.ts";
import type { WriteMode } from "../model/batch.ts";
import type { Retry } from "../model/retry.ts";
import { printableJson } from "../model/printable.ts";
import type { RegistryEvent } from "../registry/event.ts";

/** One thing that happened. */
export type AuditRecord =
  | {
    readonly event:
      | "backend_registered"
      | "backend_replaced"
      | "backend_deregistered"
      | "backend_quarantined"
      | "backend_released";
    readonly backend: string;
    readonly version: string;
    readonly plugin?: { readonly name: string; readonly file: string; readonly sha256: string };
    /** Capability functions that the plugin imports: its whole authority. */
    readonly grants?: readonly string[];
    /** Why it was quarantined. */
    readonly reason?: string;
  }
  /** Records go on in another file, or nowhere; of the first one there, where they were before. */
  | { readonly event: "audit_moved"; readonly from?: string; readonly to?: string }
  | { readonly event: "plugin_refused"; readonly file: string; readonly reason: string }
  | {
    readonly event: "backend_created" | "backend_closed";
    readonly backend: string;
    readonly endpoint?: string;
  }
  | {
    readonly event: "health_changed";
    readonly backend: string;
    readonly status: HealthStatus["status"];
    readonly detail?: string;
  }
  | {
    readonly event: "breaker_changed";
    readonly backend: string;
    readonly endpoint: string;
    readonly state: BreakerState;
    /** The failure that keeps it from being closed. */
    readonly detail?: string;
  }
  | {
    readonly event: "load_started";
    readonly load: string;
    readonly generation: number;
    readonly backend: string;
    readonly table: string;
    readonly mode: WriteMode;
    readonly source: string;
    readonly planHash: string;
    readonly pluginSha256?: string;
  }
  | {
    readonly event: "batch";
    readonly load: string;
    readonly sequence: number;
    /** The number of its first row; absent where those before it were not all in yet. */
    readonly ordinal?: number;
    readonly rows: number;
    readonly outcome: "written" | "retry" | "split" | "reject" | "fatal";
    readonly committed?: number;
    readonly contentHash?: string;
    /** SQLSTATE or result code, or the code of the first rejected row. */
    readonly code?: string;
  }
  /** What failed for a while is tried once more, after so many milliseconds. */
  | ({ readonly event: "retry"; readonly backend: string; readonly endpoint: string } & Retry)
  | {
    readonly event: "load_ended";
    readonly load: string | undefined;
    readonly state: "complete" | "failed" | "cancelled";
    readonly read: number;
    readonly committed: number;
    readonly code?: string;
  };

/** Where audit records go. */
export type AuditSink = (record: AuditRecord) => void;

/** One line of the log: the record behind its time (ISO 8601, UTC). */
export function auditLine(record: AuditRecord, now: number): string {
  return printableJson({ time: new Date(now).toISOString(), ...record }) + "\n";
}

/** A change of the registry as a record. */
export function registryRecord(event: RegistryEvent): AuditRecord {
  const { plugin, type, version, reason } = event.backend;
  if (event.kind === "refused") {
    return { event: "plugin_refused", file: plugin?.file ?? type, reason: reason ?? "" };
  }
  return {
    event: `backend_${event.kind}`,
    backend: type,
    version,
    ...(event.kind === "quarantined" ? { reason: reason ?? "" } : {}),
    ...(plugin
      ? {
        plugin: { name: plugin.name, file: plugin.file, sha256: plugin.sha256 },
        grants: plugin.imports,
      }
      : {}),
  };
}
