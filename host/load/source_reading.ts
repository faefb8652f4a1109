/** How the source of a load is read, and what its backend is asked for: what load and preview share. */
import { defined } from "../../src/model/defined.ts";
import type { DatabaseBackend, LoadRequest } from "../../src/model/backend.ts";
import { tableLabel, type WriteMode } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { Batcher } from "../../src/batching/batcher.ts";
import type { LookJob } from "../../src/load/loader.ts";
import { NO_REJECTS } from "../../src/load/reject_budget.ts";
import type { RejectLimit } from "../../src/model/reject_limit.ts";
import { type FoundShape, parseTableName } from "../../src/load/shape.ts";
import { unreadableRows } from "../codec/infer.ts";
import type { Source } from "../sources/source.ts";
import type { LoadOptions } from "./load.ts";
import { pluginOf } from "../observe/load_records.ts";
import { firstBatches } from "./source_again.ts";
import { NAMES_ROWS } from "./source_columns.ts";
import { SourceShape } from "./source_shape.ts";

/** How a source is read. */
export interface SourceReading {
  readonly mode: WriteMode;
  /** What is known of the report beforehand. */
  readonly about: LookJob["about"];
  /** How much there is, and how many connections are asked for. */
  readonly extent: Pick<LoadRequest, "connections" | "sourceBytes">;
  /** Its batches. Nothing is opened before the first is asked for. */
  open(): Batcher;
  /** How its shape is found. */
  job(batches: Batcher): LookJob & { readonly batches: Batcher };
  /** What the backend is asked for. */
  requestOf(found: FoundShape): LoadRequest;
}

/** Puts it together. @throws {LoadError} `usage` */
export function readSource(
  source: Source,
  backend: DatabaseBackend,
  options: LoadOptions & { readonly backendType: string },
): SourceReading {
  const { mode = "append", key = [], signal } = options;
  const table = parseTableName(options.table ?? source.table ?? missingTable());
  const batchRowsMax = Math.min(options.batchRowsMax ?? LIMITS.batchRowsMax, LIMITS.batchRowsMax);
  const batchBytesMax = Math.min(
    options.batchBytesMax ?? LIMITS.batchBytesMax,
    LIMITS.batchBytesMax,
  );
  // Until a plan is there, which a first batch is read for.
  const first = {
    rowsMax: options.batchRowsMax === undefined ? LIMITS.batchRowsDefault : batchRowsMax,
    bytesMax: options.batchBytesMax === undefined ? LIMITS.batchBytesDefault : batchBytesMax,
  };
  const rejectLimit = limitOf(options);
  const ranges = options.batchRowsMax === undefined && !mayLeaveOut(rejectLimit);
  const { bytes } = options;
  checkBytesForm(source, options);
  const nul = defined({ nul: options.nul });
  const extent = defined({
    connections: options.connections,
    sourceBytes: source.plainBytes,
  });
  const plugin = pluginOf(backend);
  const about = {
    source: source.name,
    backend: options.backendType,
    table: tableLabel(table),
    mode,
    ...nul,
    ...(plugin ? { plugin } : {}),
  };
  const shapes = new SourceShape({
    backend,
    signal,
    table,
    mode,
    key,
    known: options.schema ?? source.columns,
    kinds: source.kinds,
    bytes,
    varied: backend.openLoad !== undefined,
  });
  return {
    mode,
    about,
    extent,
    open: () =>
      new Batcher(source.parts(), {
        ...first,
        // Of ranges, nobody needs a batch to begin with.
        ...(ranges ? { rowsMax: Math.min(first.rowsMax, NAMES_ROWS) } : {}),
        recordBytesMax: LIMITS.recordBytesMax,
      }),
    job: (batches) => ({
      batches,
      batchRowsMax: first.rowsMax,
      batchBytesMax: first.bytesMax,
      rejectLimit,
      allowEmpty: options.allowEmpty ?? false,
      about,
      ...(ranges ? { isEnough: (batch) => shapes.isEnough(batch) } : {}),
      readColumns: (batch) => shapes.read(batch),
      shapeOf: (first) => shapes.resolve(first?.format ?? batches.format),
      unreadable: unreadableRows,
      otherParts: () => firstBatches(source),
      ...(signal ? { signal } : {}),
    }),
    requestOf: (found) => ({
      ...found,
      source: options.load ?? source.name,
      fresh: options.fresh ?? (options.load === undefined && source.anonymous === true),
      sameTable: options.sameTable ?? false,
      rejectTable: options.rejectTable ?? false,
      ...(options.indexes ? { indexes: options.indexes } : {}),
      ...(signal ? { signal } : {}),
      batchRowsMax,
      batchBytesMax,
      ...(ranges ? { rangeBytesMax: options.batchBytesMax ?? LIMITS.rangeBytesMax } : {}),
      ...extent,
      ...nul,
    }),
  };
}

function mayLeaveOut(limit: RejectLimit): boolean {
  return (limit.kind === "count" ? limit.rowsMax : limit.share) > 0;
}

/** @throws {LoadError} `usage` where rows could be left out and would be kept nowhere */
function limitOf({ maxRejects = NO_REJECTS, rejects, rejectTable }: LoadOptions): RejectLimit {
  if (!mayLeaveOut(maxRejects) || rejects !== undefined || rejectTable) return maxRejects;
  throw new LoadError(
    "Rows may be left out, but nothing says where they are kept: name a file with --rejects, or say " +
      "--rejects-table",
    { code: "usage", blame: "config" },
  );
}

/** @throws {LoadError} `usage` where the source's own hex would be taken for texts */
function checkBytesForm({ name, columns, hexBytes }: Source, { bytes, schema }: LoadOptions): void {
  const known = schema ?? columns ?? [];
  if (!hexBytes || (bytes !== "text" && !known.some((column) => column.bytes === "text"))) return;
  throw new LoadError(
    `Bytes of ${name} are written as hex behind \\x and cannot be texts as well: leave bytes: "text" ` +
      "out, and make bytes of a text by new TextEncoder().encode(text)",
    { code: "usage", blame: "config" },
  );
}

function missingTable(): never {
  throw new LoadError("A table must be named, as in --table nodes", {
    code: "usage",
    blame: "config",
  });
}
