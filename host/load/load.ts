import { defined } from "../../src/model/defined.ts";
import type { DatabaseBackend } from "../../src/model/backend.ts";
import type { Column, WriteMode } from "../../src/model/batch.ts";
import type { BytesForm } from "../../src/model/bytes_form.ts";
import { type BatchEvent, type LoadProgress, runLoad } from "../../src/load/loader.ts";
import type { RejectLimit } from "../../src/model/reject_limit.ts";
import { openUnledgeredLoad } from "../../src/load/unledgered_load.ts";
import { type LoadReport, LoadStoppedError } from "../../src/load/report.ts";
import type { NulRule } from "../../src/model/nul_rule.ts";
import type { Retry } from "../../src/model/retry.ts";
import type { World } from "../../src/model/world.ts";
import { contentHasher } from "../codec/content_hash.ts";
import { type LoadListeners, LoadRecords } from "../observe/load_records.ts";
import { readSource } from "./source_reading.ts";
import type { Source } from "../sources/source.ts";
import type { TakenFile } from "../platform/taken_file.ts";
import { readAgain, readAll, unreadKeeper } from "./source_again.ts";

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
  /** Rows of a batch, up to `LIMITS.batchRowsMax`; as many as suit the database by default. */
  readonly batchRowsMax?: number;
  /** Bytes of a batch, up to `LIMITS.batchBytesMax`; as many as suit the database by default. */
  readonly batchBytesMax?: number;
  /** Connections to write through, where order does not matter; as many as help by default. */
  readonly connections?: number;
  /**
   * The name by which this load is known again: the same load goes on where it stopped, and loads
   * nothing twice. The source's name by default; a source without one is never known again.
   */
  readonly load?: string;
  /** Loads again what this load has loaded before; false by default. */
  readonly fresh?: boolean;
  /** Lets a replace by no row at all empty the table; else it is refused, by default. */
  readonly allowEmpty?: boolean;
  /**
   * Goes on with a load though its table was rebuilt, restored or rewritten since it was filled: the
   * rows that it has loaded are in it. False by default: such a load is refused.
   */
  readonly sameTable?: boolean;
  /** Rows that may be left out; none by default. Where any may, {@linkcode LoadOptions.rejects} or
   * {@linkcode LoadOptions.rejectTable} has to say where they are kept. */
  readonly maxRejects?: RejectLimit;
  /** File that rows which are left out are appended to, as NDJSON. */
  readonly rejects?: string;
  /** Whether they are kept in the table `_snakepipe_reject` beside the target; false by default. */
  readonly rejectTable?: boolean;
  /**
   * What becomes of U+0000 in text and json. By default the row is rejected where the database takes
   * none (PostgreSQL), and the character kept where it does (libSQL).
   */
  readonly nul?: NulRule;
  /**
   * `after` drops the indexes that decide nothing of a table that is empty, or that a replace empties,
   * and makes them again at the end, when all rows are in. By default they stay.
   */
  readonly indexes?: "after";
  /**
   * How bytes are written in the source, where their column does not say so itself. By default only
   * hex behind `\x` is taken, which can be nothing else, and what `rows` writes.
   */
  readonly bytes?: BytesForm;
  /**
   * Awaited once, before the first batch is written, when all that the ledger has was found in the source
   * as it was loaded; the source is read twice for that where something lacks between what is in. Nothing
   * is written where it throws.
   */
  readonly beforeWriting?: () => Promise<void>;
  /** Hears of each further attempt at what failed for a while, before it is waited for. */
  readonly onRetry?: (retry: Retry) => void;
  /** What the load is called where people look at it, as its name in a configuration; nothing by default. */
  readonly name?: string;
  /** Stops the load: batches in hand are finished, nothing further is begun. */
  readonly signal?: AbortSignal;
  /**
   * Is handed what tells how far the load is whenever it is called, for who shows it by a clock: a batch
   * may take seconds.
   */
  readonly onStart?: (progress: () => LoadProgress) => void;
  /** Hears after each batch how far the load is. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Hears what became of each batch. */
  readonly onBatch?: (event: BatchEvent) => void;
}

/** What a load needs beside its options. */
export interface LoadContext extends LoadListeners {
  readonly world: World;
  readonly backendType: string;
  /** Files that are something else to this program, beside the source's. */
  readonly taken: readonly TakenFile[];
}

/**
 * One load through the host: source, batcher, types, backend and audit put together.
 *
 * @throws {LoadStoppedError}
 */
export async function load(
  source: Source,
  backend: DatabaseBackend,
  options: LoadOptions & LoadContext,
): Promise<LoadReport> {
  const { world } = options;
  const reading = readSource(source, backend, options);
  const { about, requestOf, mode, extent } = reading;
  const records = new LoadRecords(
    options,
    about,
    defined({ name: options.name, endpoint: backend.endpoint }),
  );
  const keeper = options.rejects === undefined
    ? undefined
    : await (await import("../rejects/reject_file.ts")).RejectFile.open(options.rejects, {
      create: true,
      taken: [...options.taken, ...filesOf(source)],
    });
  await using _keeper = keeper;
  const hasher = await contentHasher();
  await using _lanes = backend.expectLoad?.({ mode, ...extent });
  await using batches = reading.open();
  const stop = () => void batches.close();
  options.signal?.addEventListener("abort", stop, { once: true });
  records.begin();
  try {
    const report = await runLoad({
      ...reading.job(batches),
      bytesTotal: () => source.bytesTotal,
      world,
      ...(keeper ? { keep: keeper.keep, checkKept: () => keeper.checkKept() } : {}),
      hash: (rows) => {
        const hash = hasher(rows);
        return { hex: hash.hex(), marks: hash.marks() };
      },
      readAgain: (part, endOf) => readAgain(source, part, endOf),
      readAll: (endOf) => readAll(source, endOf),
      ...defined({ beforeWriting: options.beforeWriting }),
      ...(keeper ? { keepUnread: unreadKeeper(keeper, about) } : {}),
      open: (found) => {
        const request = {
          ...requestOf(found),
          onRetry: (retry: Retry) => {
            records.retried(retry);
            options.onRetry?.(retry);
          },
        };
        return records.within(() =>
          backend.openLoad
            ? backend.openLoad(request)
            : Promise.resolve(openUnledgeredLoad(backend, request))
        );
      },
      onOpen: async (opened) => {
        await keeper?.begin(opened);
        records.started(opened);
      },
      onBatch: (event) => {
        records.batch(event);
        options.onBatch?.(event);
      },
      onStart: (progress) => {
        records.follow(progress);
        options.onStart?.(progress);
      },
      ...defined({ onProgress: options.onProgress }),
    });
    records.ended(report);
    return report;
  } catch (error) {
    if (error instanceof LoadStoppedError) records.ended(error.report, error.code);
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

function filesOf({ files = [] }: Source): TakenFile[] {
  return files.map((path) => ({ path: path === "-" ? "/dev/stdin" : path, what: "the source" }));
}
