/** What a load would do, found out without changing anything. */
import type { DatabaseBackend, LoadRequest } from "../../src/model/backend.ts";
import type { LoadPreview } from "../../src/model/load_preview.ts";
import { type Column, rowCount } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { lookFor } from "../../src/load/loader.ts";
import type { LoadReport } from "../../src/load/report.ts";
import type { RawBatch } from "../../src/batching/batcher.ts";
import type { Source } from "../sources/source.ts";
import type { LoadContext, LoadOptions } from "./load.ts";
import { readSource } from "./source_reading.ts";

/** A column as a load would write it. */
export interface PreviewedColumn extends Column {
  /** Why it is so: one clause. */
  readonly because: string;
}

/** What a load would do. */
export interface PreviewReport extends Pick<LoadReport, "source" | "backend" | "table" | "mode"> {
  /** Nothing was done. */
  readonly state: "previewed";
  /** Whether the table is there; else the load would make it. */
  readonly there: boolean;
  /** In the order in which they would be written. */
  readonly columns: readonly PreviewedColumn[];
  /** What would be run, in this order; none where nothing tells the columns. */
  readonly statements: LoadPreview["statements"];
  /** The load that would go on; absent where one would begin. */
  readonly earlier?: LoadPreview["earlier"];
  /** What the ledger has, which would be held against the source and skipped. */
  readonly ledger: { readonly batches: number; readonly rows: number; readonly bytes: number };
  /** How it would be written; absent where nothing would be. */
  readonly transactions?: {
    readonly bytesMax: number;
    /** Absent of ranges, whose rows are counted as they are written. */
    readonly rowsMax?: number;
    /** About how many; absent where the size of the source is not known. */
    readonly about?: number;
    /** Connections that write side by side. */
    readonly connections: number;
  };
  /** The plugin that planned. */
  readonly plugin?: LoadReport["plugin"];
  /** What the user should know: one sentence each. */
  readonly notes: readonly string[];
}

/** See `Host.preview`. @throws {LoadError} as the load would before its first row */
export async function previewLoad(
  source: Source,
  backend: DatabaseBackend,
  options: LoadOptions & LoadContext,
): Promise<PreviewReport> {
  if (!backend.previewLoad) {
    throw new LoadError("This backend cannot tell what a load would do", {
      code: "usage",
      blame: "config",
    });
  }
  const reading = readSource(source, backend, options);
  const about = { state: "previewed", ...reading.about } as const;
  await using batches = reading.open();
  const { first, found } = await lookFor(reading.job(batches));
  if (!found) {
    return {
      ...about,
      ...{ there: false, columns: [], statements: [], ledger: { batches: 0, rows: 0, bytes: 0 } },
      notes: ["The source has no rows, and nothing tells its columns: no table would be made"],
    };
  }
  const request = reading.requestOf(found);
  const preview = await backend.previewLoad(request);
  const { there, statements, earlier, notes } = preview;
  const ledger = ledgerOf(preview);
  return {
    ...about,
    there,
    columns: request.shape.columns.map((column) => ({
      ...column,
      because: reasonFor({ there, options, source, first }),
    })),
    statements,
    ...(earlier ? { earlier } : {}),
    ledger,
    transactions: transactionsOf(preview, { source, first, ledger, request }),
    notes: first ? notes : [...notes, "The source has no rows"],
  };
}

function reasonFor(
  { there, options, source, first }: {
    readonly there: boolean;
    readonly options: LoadOptions;
    readonly source: Source;
    readonly first: RawBatch | undefined;
  },
): string {
  if (there) return "the table has it";
  if (options.schema) return "the schema names it";
  if (source.columns) return "the source has it";
  const rows = first ? rowCount(first) : 0;
  if (rows === 0) return "the header names it, and no row shows its type";
  return rows === 1 ? "inferred from the first row" : `inferred from the first ${rows} rows`;
}

function ledgerOf({ batches }: LoadPreview): PreviewReport["ledger"] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    batches: batches.length,
    rows: sum(batches.map(({ counts }) => counts.read)),
    bytes: sum(batches.map(({ byteOffset, byteEnd }) => byteEnd - byteOffset)),
  };
}

function transactionsOf(
  preview: LoadPreview,
  { source, first, ledger, request }: {
    readonly source: Source;
    readonly first: RawBatch | undefined;
    readonly ledger: PreviewReport["ledger"];
    readonly request: LoadRequest;
  },
): NonNullable<PreviewReport["transactions"]> {
  const { rangeBytesMax, batchBytesMax, batchRowsMax, lanes: connections } = preview;
  const bytesMax = rangeBytesMax ?? batchBytesMax;
  const limits = {
    bytesMax,
    ...(rangeBytesMax === undefined ? { rowsMax: batchRowsMax } : {}),
    connections,
  };
  if (request.sourceBytes === undefined || source.plainBytes === undefined || !first) return limits;
  const bytes = Math.max(0, source.plainBytes - ledger.bytes);
  const bytesOfRow = first.bytes.length / rowCount(first);
  const byRows = rangeBytesMax === undefined ? bytes / bytesOfRow / batchRowsMax : 0;
  return { ...limits, about: Math.ceil(Math.max(bytes / bytesMax, byRows)) };
}
