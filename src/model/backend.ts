/** The interface of every backend, and the models that it shares with the loader. */
import type { Finding } from "./finding.ts";
import type { LoadPreview } from "./load_preview.ts";
import type {
  Batch,
  BatchRange,
  Column,
  RejectedRow,
  Shape,
  TableName,
  WriteMode,
} from "./batch.ts";
import type { Config } from "./config_schema.ts";
import type { Failure } from "./failure.ts";
import type { BreakerStatus, HealthStatus } from "./health.ts";
import type { LiveTable } from "./live_table.ts";
import type { PastLoad, PastLoadsQuestion } from "./past_load.ts";
import type { Retry } from "./retry.ts";
import type { NulRule } from "./nul_rule.ts";
import type { PoolStatus } from "./pool_status.ts";
import type { ShapeOrigin } from "./shape_origin.ts";

export type { BackendInfo, PluginWord } from "./backend_info.ts";
export type { BreakerState, BreakerStatus, HealthStatus } from "./health.ts";
export type { PoolStatus } from "./pool_status.ts";
export type { LiveColumn, LiveTable, NarrowColumn } from "./live_table.ts";

/** Features and limits of a backend. */
export interface BackendCapabilities {
  /** Write modes it offers. */
  readonly modes: readonly WriteMode[];
  /** Whether a batch is written whole or not at all. */
  readonly transactions: boolean;
  /** Whether it keeps a load and a ledger row in the target, see {@linkcode DatabaseBackend.openLoad}. */
  readonly ledger: boolean;
  /** Rows that it takes best in one batch. */
  readonly batchRowsMax: number;
  /** Bytes that it takes best in one batch. */
  readonly batchBytesMax: number;
  /** Bytes of an identifier. */
  readonly identifierBytesMax: number;
}

/** Whether a batch meets a backend's requirements. */
export interface ValidationResult {
  /** Whether there is no fault. */
  readonly valid: boolean;
  /** One sentence per fault. */
  readonly faults: readonly string[];
}

/** Counts of a batch or a load. `read = committed + superseded + rejected`. */
export interface RowCounts {
  /** Rows of the source. */
  readonly read: number;
  /** Rows that stand in the table. */
  readonly committed: number;
  /** Rows of an upsert that a later row of the same key in the same batch replaced. */
  readonly superseded: number;
  /** Rows that were not taken. */
  readonly rejected: number;
}

/** Counts of a whole load. */
export interface LoadTotals extends RowCounts {
  /** Of these, what this run has written; all of it by default. */
  readonly ofThisRun?: RowCounts;
}

/** What became of a batch: a value, never an exception. */
export type WriteResult =
  | {
    /** The rows and their ledger row are committed. */
    readonly kind: "written";
    readonly counts: RowCounts;
    /** Rows in which U+0000 was stripped or escaped; absent where there are none. */
    readonly repaired?: number;
    /** A hash of the batch's bytes, in hex: XXH64 for those that plugins make. */
    readonly contentHash: string;
    /** Encoding and writing, in milliseconds. */
    readonly milliseconds: number;
    /** Its COMMIT, in milliseconds, which are among those; absent where the backend does not say. */
    readonly commitMilliseconds?: number;
    /** Rows that were left out, each counted in `counts.rejected`; none by default. */
    readonly rejects?: readonly RejectedRow[];
    /** Whether the ledger had the batch before: nothing was written now, and the counts are its. */
    readonly alreadyIn?: boolean;
    /** Whether it was this run that wrote it, in an attempt whose answer was lost. */
    readonly ofThisRun?: boolean;
  }
  /** Nothing was committed; the same batch may succeed later. */
  | {
    readonly kind: "retry";
    readonly failure: Failure;
    /** To wait for so long at the least, in milliseconds. */
    readonly afterMs: number;
    /**
     * Whether it is to be tried once more alone, when all batches before it are in: one of those may
     * hold what a constraint misses.
     */
    readonly alone?: boolean;
    /** Whether a row varies (see {@linkcode Batch.optional}): the batch is to be written in groups. */
    readonly varies?: boolean;
  }
  /** Nothing was committed; the batch is more than the database takes at once. */
  | { readonly kind: "split"; readonly failure: Failure }
  /** Nothing was committed, because of these rows: more than may be left out. */
  | { readonly kind: "reject"; readonly rows: readonly RejectedRow[] }
  /** Nothing was committed (or it is unknown, where the failure says so), and nothing will be. */
  | { readonly kind: "fatal"; readonly failure: Failure };

/** Which fields the records of a load may have. */
export interface RecordFields {
  /** See {@linkcode Batch.optional}. */
  readonly optional: readonly Column[];
  /** Names of the key's columns that are `bytewise`, see {@linkcode LiveColumn}. */
  readonly bytewise: readonly string[];
}

/** What a load asks of a backend. */
export interface LoadRequest {
  /** Table, columns and mode. */
  readonly shape: Shape;
  /** Where it is not said: of an upsert, every column but the key's is optional; else none is. */
  readonly fields?: RecordFields;
  /** What stands in the load row: the source's name. */
  readonly source: string;
  /** The limits that decide batch boundaries. */
  readonly batchRowsMax: number;
  /** Bytes of a batch, at the most. */
  readonly batchBytesMax: number;
  /** Bytes of a range, at the most, where the source may come in such; it may not by default. */
  readonly rangeBytesMax?: number;
  /** Connections to write through, where order does not matter; as many as help by default. */
  readonly connections?: number;
  /** Bytes that are to be loaded, where that is known: few are not worth connections and threads. */
  readonly sourceBytes?: number;
  /** Loads again what an earlier load of this source has loaded; false by default. */
  readonly fresh?: boolean;
  /** Goes on with an earlier load of this source, whatever its mode; false by default. */
  readonly anyMode?: boolean;
  /**
   * The load whose rejects are loaded: what its ledger says is in {@linkcode BackendLoad.replayed}.
   * Batches are then single rows, whose first bytes stand for attempts and not for ranges.
   */
  readonly replays?: string;
  /** Goes on with a load though the table is not as it left it; false by default. */
  readonly sameTable?: boolean;
  /** Whether rejected rows are kept in a table beside the target; false by default. */
  readonly rejectTable?: boolean;
  /** Ends waiting for a further attempt at what failed. */
  readonly signal?: AbortSignal;
  /** Hears of each further attempt at what failed, before it is waited for. */
  readonly onRetry?: (retry: Retry) => void;
  /**
   * What the shape was found by. Where a column that was there when the load was opened is there no
   * more, it is found again, once; it stays as it is where this is left out.
   */
  readonly origin?: ShapeOrigin;
  /** What becomes of U+0000 in text and json; what the database takes decides by default. */
  readonly nul?: NulRule;
  /** `after` makes indexes that decide nothing when all rows are in; by default they stay. */
  readonly indexes?: "after";
}

/** What a batch is known by within its load. */
export interface BatchKey {
  /** The part of the source. */
  readonly part: string;
  /** Where the batch starts within the part, in (decompressed) bytes. */
  readonly byteOffset: number;
}

/** A batch that is in, as the ledger has it. */
export interface LedgerBatch extends BatchKey {
  /**
   * The number that whoever loaded it gave it. Another run, or another program that loads the same
   * source at the same time, may have given it to another batch.
   */
  readonly sequence: number;
  /** Where it ends. */
  readonly byteEnd: number;
  /** The hash of its bytes, in hex. */
  readonly contentHash: string;
  /** What became of its rows. */
  readonly counts: RowCounts;
  /**
   * Where the rows start within the part that it left out, in order. Absent where there are none, and
   * where the ledger does not say which they are.
   */
  readonly leftOut?: readonly number[];
  /** Which run of its load has written it; absent where the ledger does not say. */
  readonly run?: string;
}

/** A load that began again with the source of an earlier one, whose rows are gone from the table. */
export interface LoadedAnew {
  /** Its batches that are in. */
  readonly batches: readonly LedgerBatch[];
  /** Those of the replay of its rejects. */
  readonly replayed: readonly LedgerBatch[];
}

/** How a batch is to be written. */
export interface WriteOptions {
  /** Rows that may be left out; with more of them nothing of the batch is committed. 0 by default. */
  readonly rejectsMax?: number;
  /** Is handed the rows that are left out, before their batch is committed, and waited for. */
  readonly keep?: KeepRejects;
}

/**
 * Keeps rows that a batch leaves out, in the place of those that it was handed for an earlier attempt
 * at the batch; none, where the batch leaves out no row after all. What it throws stops the load before
 * the batch is committed.
 */
export type KeepRejects = (sequence: number, rows: readonly RejectedRow[]) => Promise<void>;

/** What is known of a load before its shape is. */
export interface ExpectedLoad extends Pick<LoadRequest, "connections" | "sourceBytes"> {
  /** How rows will meet the rows that are there. */
  readonly mode: WriteMode;
}

/** Whose choice a limit is: nobody's, the plugin's, the user's, that of the source's size, or of the run that began a load. */
export type ChosenBy = "default" | "plugin" | "option" | "source" | "earlier_run";

/** A load that is under way on a backend. */
export interface BackendLoad {
  /** Id of the load row. */
  readonly id: string;
  /** What its ledger calls this run of it; undefined where it keeps no such note. */
  readonly run?: string | undefined;
  /** How often this source was loaded into this table again, from 1. */
  readonly generation: number;
  /** Batches that were in when it was opened: it goes on with a load that was begun before. */
  readonly batches: readonly LedgerBatch[];
  /** Whether it had come to its end when it was opened. */
  readonly complete: boolean;
  /** What the user should know of the table: one sentence each. None by default. */
  readonly notes?: readonly string[];
  /**
   * Batches of the load whose rejects it loads, see {@linkcode LoadRequest.replays}; undefined where
   * the database does not know that load.
   */
  readonly replayed?: readonly LedgerBatch[] | undefined;
  /** Whichever load has begun again since with the source of the one whose rejects it loads. */
  readonly loadedAnew?: LoadedAnew | undefined;
  /** The marks that the ledger has of a batch, while none is being written; see `src/load/row_marks.ts`. */
  marksOf?(batch: LedgerBatch): Promise<Uint8Array | undefined>;
  /** Hash of the plan that it follows, in hex. */
  readonly planHash: string;
  /** Connections that write side by side. It is given two batches for each. */
  readonly lanes: number;
  /** The batch sizes to use: what was asked for, or less where the plan says so. */
  readonly batchRowsMax: number;
  /** Bytes of a batch, at the most. */
  readonly batchBytesMax: number;
  /** Bytes of a range, at the most; undefined where none are written. */
  readonly rangeBytesMax?: number | undefined;
  /** Whose choice these sizes are; not told by default. */
  readonly chosenBy?: Readonly<
    Record<"batchRowsMax" | "batchBytesMax" | "rangeBytesMax", ChosenBy>
  >;
  /**
   * Writes a range as {@linkcode BackendLoad.write} does a batch of which no row may be left out, while
   * it is read. Where that does not come to its end, nothing of it is in: then `read` is called for its
   * records, or for those of its beginning, and these are written; none, where there are none.
   */
  writeRange?(
    range: BatchRange,
    read: () => Promise<Omit<Batch, "shape"> | undefined>,
  ): Promise<WriteResult>;
  /**
   * Writes one batch and its ledger row in one transaction, and tries again what may succeed later.
   * The batch's buffers are handed over.
   */
  write(batch: Batch, options?: WriteOptions): Promise<WriteResult>;
  /**
   * Ends the load: merge or swap and the load row's completion in one transaction. The totals are
   * those of the whole load, {@linkcode BackendLoad.batches} included; what another program writes
   * into the same load meanwhile may come to it.
   *
   * @throws {LoadError} `counts_differ` if the target does not hold what was committed; nothing of
   * the finish is committed then.
   */
  finish(totals: LoadTotals): Promise<void>;
  /**
   * Gives up for now: committed batches stay, and the same load can go on later; the shadow table of a
   * replace is removed. Never throws; says in a clause what is left behind, if anything is.
   */
  abandon(): Promise<string | void>;
}

/**
 * A database backend. Those made from a plugin are `host/plugins/plugin_backend.ts`; one written in
 * TypeScript registers itself with the `databaseBackend` decorator.
 */
export interface DatabaseBackend {
  /** Features and limits; `DEFAULT_CAPABILITIES` where it says nothing. */
  readonly capabilities?: BackendCapabilities;
  /** Where it writes, without secrets, for messages and audit; read once it is connected. */
  readonly endpoint?: string;
  /** Paths of the files that its database is made of, which nothing else may write to. */
  readonly files?: readonly string[];
  /** How many connections may write side by side, for all loads together; not told by default. */
  readonly writers?: number;
  /** Its health when it was asked last; undefined before that, and by default. */
  readonly health?: HealthStatus | undefined;
  /** Its circuit breaker, before its health was asked too; undefined by default. */
  readonly breaker?: BreakerStatus;
  /** Pools that it takes its connections from, as they are now; not told by default. */
  readonly pools?: readonly PoolStatus[];
  /** The plugin that plans for it; absent for backends in TypeScript. */
  readonly plugin?: {
    readonly manifest: { readonly name: string; readonly version: string };
    /** Hash of its bytes, in hex. */
    readonly sha256: string;
    /** Where it was loaded from. */
    readonly file: string;
  };
  /**
   * Establishes the connection.
   *
   * @throws {LoadError} `config_invalid`, `connection_failed`, `authentication_failed`
   */
  connect(config: Config): Promise<void>;
  /** Writes one batch as a load of its own. */
  writeBatch(batch: Batch): Promise<WriteResult>;
  /** Availability and latency. Never throws: a dead backend is `unhealthy`. */
  healthCheck(): Promise<HealthStatus>;
  /** Closes connections and frees what it holds. Loads in flight end first. */
  close(): Promise<void>;
  /** Whether the batch meets the backend's requirements; by default, its capabilities are compared. */
  validate?(batch: Batch): ValidationResult;
  /**
   * The table as it stands, or undefined; by default nothing is known of it. The signal ends waiting for
   * a further attempt.
   */
  describeTable?(table: TableName, signal?: AbortSignal): Promise<LiveTable | undefined>;
  /**
   * Says that a load will be opened soon, so that what does not depend on its shape may begin: its
   * connections. Let go of what comes back once the load is over, or will not be opened.
   */
  expectLoad?(request: ExpectedLoad): AsyncDisposable;
  /** What `openLoad` would find and do, without changing anything; by default nobody can tell. */
  previewLoad?(request: LoadRequest): Promise<LoadPreview>;
  /** Looks at what a load needs of the database, and changes nothing; by default at nothing. */
  examine?(): Promise<readonly Finding[]>;
  /** The newest loads that its ledgers have, without changing anything; by default nobody can tell. */
  pastLoads?(question: PastLoadsQuestion): Promise<readonly PastLoad[]>;
  /** Opens a load with a ledger; by default every batch goes to `writeBatch`. */
  openLoad?(request: LoadRequest): Promise<BackendLoad>;
}

/** What a backend that says nothing can do: append, without a promise of wholeness. */
export const DEFAULT_CAPABILITIES: BackendCapabilities = {
  modes: ["append"],
  transactions: false,
  ledger: false,
  batchRowsMax: 100_000,
  batchBytesMax: 16 * 1024 * 1024,
  identifierBytesMax: 63,
};
