/** One load through the host: source, batcher, types, backend and audit put together. */
import type { DatabaseBackend } from "../src/backend.ts";
import { type Column, type Shape, tableLabel, type WriteMode } from "../src/batch.ts";
import { LoadError } from "../src/errors.ts";
import { LIMITS } from "../src/limits.ts";
import { Batcher } from "../src/loader/batcher.ts";
import { type BatchEvent, type LoadProgress, runLoad } from "../src/loader/loader.ts";
import { openPlainLoad } from "../src/loader/plain_load.ts";
import { type LoadReport, LoadStoppedError } from "../src/loader/report.ts";
import { parseTableName, resolveShape } from "../src/loader/shape.ts";
import type { NulRule } from "../src/nul_rule.ts";
import type { AuditSink } from "../src/observe/audit.ts";
import type { World } from "../src/world.ts";
import { PluginBackend } from "./plugin_backend.ts";
import { sourceColumns } from "./source_columns.ts";
import type { Source } from "./sources/source.ts";

/** How to load. */
export interface LoadOptions {
  /** The target table, `name` or `schema.name`; the source's own by default, where it has one. */
  readonly table?: string;
  /** `append` by default. */
  readonly mode?: WriteMode;
  /** Key columns; an upsert needs them, and a table that is created gets them as primary key. */
  readonly key?: readonly string[];
  /** The columns, where neither the table nor the source knows them and they are not to be inferred. */
  readonly schema?: readonly Column[];
  /** Rows of a batch, at the most; `LIMITS.batchRowsMax` by default. */
  readonly batchRowsMax?: number;
  /** Bytes of a batch, at the most; `LIMITS.batchBytesMax` by default. */
  readonly batchBytesMax?: number;
  /** Connections to write through, where order does not matter; as many as help by default. */
  readonly connections?: number;
  /**
   * What becomes of U+0000 in text and json. By default the row is rejected where the database takes
   * none (PostgreSQL), and the character kept where it does (libSQL).
   */
  readonly nul?: NulRule;
  /** Stops the load: batches in hand are finished, nothing further is begun. */
  readonly signal?: AbortSignal;
  /** Hears after each batch how far the load is. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

interface LoadContext {
  readonly world: World;
  readonly backendType: string;
  readonly audit: AuditSink;
}

/** See the head of this file. @throws {LoadStoppedError} */
export async function load(
  source: Source,
  backend: DatabaseBackend,
  options: LoadOptions & LoadContext,
): Promise<LoadReport> {
  const { world, audit, backendType, mode = "append", key = [] } = options;
  const table = parseTableName(options.table ?? source.table ?? missingTable());
  const batchRowsMax = Math.min(options.batchRowsMax ?? LIMITS.batchRowsMax, LIMITS.batchRowsMax);
  const batchBytesMax = Math.min(
    options.batchBytesMax ?? LIMITS.batchBytesMax,
    LIMITS.batchBytesMax,
  );
  const nul = options.nul === undefined ? {} : { nul: options.nul };
  const plugin = backend instanceof PluginBackend ? pluginOf(backend) : undefined;
  const extent = {
    ...(options.connections === undefined ? {} : { connections: options.connections }),
    ...(source.bytesTotal === undefined ? {} : { sourceBytes: source.bytesTotal }),
  };
  await using _lanes = backend.expectLoad?.({
    mode,
    ...extent,
  });
  await using batches = new Batcher(source.parts(), {
    rowsMax: batchRowsMax,
    bytesMax: batchBytesMax,
    recordBytesMax: LIMITS.recordBytesMax,
  });
  const stop = () => void batches.close();
  options.signal?.addEventListener("abort", stop, { once: true });
  let loadId: string | undefined;
  const ended = (report: LoadReport, code?: string) =>
    audit({
      event: "load_ended",
      load: loadId,
      state: report.state,
      read: report.read,
      committed: report.committed,
      ...(code === undefined ? {} : { code }),
    });
  try {
    const report = await runLoad({
      batches,
      bytesTotal: () => source.bytesTotal,
      batchRowsMax,
      batchBytesMax,
      world,
      about: {
        source: source.name,
        backend: backendType,
        table: tableLabel(table),
        mode,
        ...nul,
        ...(plugin ? { plugin } : {}),
      },
      shapeOf: async (first) => {
        const format = first?.format ?? batches.format;
        const live = await backend.describeTable?.(table);
        const known = options.schema ?? source.columns;
        const inferred = known ? undefined : await sourceColumns({ first, format, key, live });
        return resolveShape({
          table,
          mode,
          key,
          live,
          known,
          inferred,
          openRecords: format?.kind !== "csv",
        });
      },
      open: (shape: Shape) => {
        const request = {
          shape,
          source: source.name,
          batchRowsMax,
          batchBytesMax,
          ...extent,
          ...nul,
        };
        return backend.openLoad
          ? backend.openLoad(request)
          : Promise.resolve(openPlainLoad(backend, request));
      },
      onOpen: (opened) => {
        loadId = opened.id;
        audit({
          event: "load_started",
          load: opened.id,
          generation: opened.generation,
          backend: backendType,
          table: tableLabel(table),
          mode,
          source: source.name,
          planHash: opened.planHash,
          ...(plugin ? { pluginSha256: plugin.sha256 } : {}),
        });
      },
      onBatch: (event) => auditBatch(audit, loadId ?? "", event),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    ended(report);
    return report;
  } catch (error) {
    if (error instanceof LoadStoppedError) ended(error.report, error.code);
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

function pluginOf(backend: PluginBackend): { name: string; version: string; sha256: string } {
  const { manifest, sha256 } = backend.plugin;
  return { name: manifest.name, version: manifest.version, sha256 };
}

function auditBatch(audit: AuditSink, load: string, { batch, rows, result }: BatchEvent): void {
  const code = result.kind === "reject"
    ? result.rows[0]?.code
    : result.kind === "written"
    ? undefined
    : result.failure.code;
  audit({
    event: "batch",
    load,
    sequence: batch.sequence,
    ordinal: batch.ordinal,
    rows,
    outcome: result.kind,
    ...(result.kind === "written"
      ? { committed: result.counts.committed, contentHash: result.contentHash }
      : {}),
    ...(code === undefined ? {} : { code }),
  });
}

function missingTable(): never {
  throw new LoadError("A table must be named, as in --table nodes", {
    code: "usage",
    blame: "config",
  });
}
