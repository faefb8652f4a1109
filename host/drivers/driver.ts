/**
 * What a driver is to the rest of the host. A driver owns one client library; every file of every
 * driver folder has the same name and the same role. Everything that a connection is asked, and
 * everything that it answers, can be cloned into and out of a worker.
 */
import type {
  BatchKey,
  KeepRejects,
  LedgerBatch,
  LiveTable,
  LoadedAnew,
  LoadTotals,
  WriteResult,
} from "../../src/model/backend.ts";
import type { LoadPreview } from "../../src/model/load_preview.ts";
import type { Batch, BatchRange, Shape, TableName } from "../../src/model/batch.ts";
import type { Config, ConfigSchema } from "../../src/model/config_schema.ts";
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { PastLoad, PastLoadsQuestion } from "../../src/model/past_load.ts";
import type { NulRule } from "../../src/model/nul_rule.ts";
import type { DialectRecipes } from "../../src/plan_policy/recipes.ts";
import type { PlanVerifier } from "../../src/plan_policy/plan_verifier.ts";
import type { Codec, EncodedImage, ImageOptions, RecordBytes } from "../codec/codec.ts";

/** One load, as its connections know it. */
export interface LoadOrder {
  /** Table, columns and mode. */
  readonly shape: Shape;
  /** Checked, with its slots: the driver quotes and fills them. */
  readonly plan: Plan;
  /** Hash of the plan, in hex. */
  readonly planHash: string;
  /** The plugin that planned. */
  readonly plugin: { readonly name: string; readonly version: string; readonly sha256: string };
  /** The source's name, as it stands in the load row. */
  readonly source: string;
  /** Rows of a batch, at the most. */
  readonly batchRowsMax: number;
  /** Bytes of a batch, at the most. */
  readonly batchBytesMax: number;
  /** Loads again what an earlier load of this source has loaded. */
  readonly fresh: boolean;
  /** Goes on with the last load of this source, though its mode was another; false by default. */
  readonly anyMode?: boolean;
  /** The load whose rejects are loaded: see `LoadRequest.replays`. */
  readonly replays?: string;
  /** Goes on though the table is not as the load left it; false by default. */
  readonly sameTable?: boolean;
  /** This run of the load, a UUID by which its ledger rows are told from those of other runs. */
  readonly run?: string;
  /** Keeps rejected rows in the host's own table for them. */
  readonly rejectTable: boolean;
  /** Whether other connections write batches of this load at the same time. */
  readonly concurrent: boolean;
  /** What becomes of U+0000 in text and json; what the database takes decides by default. */
  readonly nul?: NulRule;
  /** Makes indexes that decide nothing when all rows are in; by default they stay. */
  readonly indexes?: "after";
}

/** The load row. */
export interface LoadRecord {
  /** Unique in the database. */
  readonly id: string;
  /** How often the source was loaded into the table again, from 1. */
  readonly generation: number;
  /** The state of the table as the load found or left it, in its driver's words. */
  readonly table?: string;
  /** How many indexes of the table are to be made again when the load ends; none by default. */
  readonly indexes?: number;
}

/** A load that is ready for its batches. */
export interface PreparedLoad {
  /** Its row. */
  readonly record: LoadRecord;
  /** The limits that decide where batches end: as they were when the load was first begun. */
  readonly batchRowsMax: number;
  /** Bytes of a batch, at the most. */
  readonly batchBytesMax: number;
  /** Batches that are in. */
  readonly batches: readonly LedgerBatch[];
  /** Whether it has come to its end before. */
  readonly complete: boolean;
  /** Batches of the load that {@linkcode LoadOrder.replays} names, where it was into this table. */
  readonly replayed?: readonly LedgerBatch[];
  /** Whichever load has begun again since with the source of that one. */
  readonly loadedAnew?: LoadedAnew;
  /** What the user should know of the table: one sentence each. None by default. */
  readonly notes?: readonly string[];
}

/** A load that was begun before, as its row has it. */
export interface EarlierLoad
  extends Omit<PreparedLoad, "batches" | "replayed" | "loadedAnew" | "notes"> {
  /** The mode that it was begun in. */
  readonly mode: string;
}

/** What a load would find and do. */
export interface PreviewedLoad extends Pick<LoadPreview, "there" | "statements" | "notes"> {
  /** The load that would go on; undefined where one would begin. */
  readonly earlier?: EarlierLoad;
  /** Its batches that are in. */
  readonly batches: readonly LedgerBatch[];
}

/** How one batch is to be written. */
export interface BatchOrder {
  /** Rows that may be left out; with more of them nothing of the batch is committed. */
  readonly rejectsMax: number;
  /** Whether no other batch is under way, and all before it are in: what is refused now is refused. */
  readonly alone: boolean;
  /**
   * Whether an earlier attempt at it has handed rows to `keep`: then `keep` hears of the rows that
   * this one leaves out also where there are none, and where the ledger has the batch from somebody
   * else. False by default.
   */
  readonly kept?: boolean;
  /** The batch's rows in groups, where they do not have the columns of the load's shape. */
  readonly groups?: BatchGroups;
}

/** The rows of one batch, in groups that have the same columns. */
export interface BatchGroups {
  /** In the order in which they are to be written. */
  readonly groups: readonly PlannedGroup[];
  /** Of all columns that groups of this load may have: what it stages is staged for each of them. */
  readonly widest: PlannedGroup;
}

/** Rows of a batch, and how they are written. */
export interface PlannedGroup {
  /** The table, the columns that the rows have, and the mode. */
  readonly shape: Shape;
  /** Checked, like that of the load. */
  readonly plan: Plan;
  /** Their numbers within the batch, rising; all of them by default. */
  readonly rows?: Uint32Array<ArrayBuffer>;
}

/** What became of a batch, and the batch itself, to be written again or to be recycled. */
export interface BatchAnswer {
  /** What became of it. */
  readonly result: WriteResult;
  /** Equal to the one that was handed over, whose buffers may be elsewhere. */
  readonly batch: Batch;
}

/**
 * What became of a range: `unwritten` where it was not written in one go, so that nothing of it is in;
 * read whole, it is a batch, which may be written, or tells why it cannot be.
 */
export type RangeResult =
  | Extract<WriteResult, { kind: "written" | "retry" }>
  | { readonly kind: "unwritten" };

/** A batch that was made ready on a connection: it is written or taken back, once. */
export interface PreparedBatch {
  /**
   * Ledger row, rows and merge in one transaction. Database failures are values; so is a batch that the
   * ledger has already. Rejected rows are handed to `keep` before the commit.
   */
  write(keep: KeepRejects): Promise<BatchAnswer>;
  /** Gives it back unwritten: equal to the one that was handed over. */
  takeBack(): Promise<Batch>;
}

/** A range that something was begun for: it is written or taken back, once. */
export interface PreparedRange {
  /** As {@linkcode Connection.writeRange}. */
  write(): Promise<RangeResult>;
  /** Lets go of what was made for it. */
  takeBack(): Promise<void>;
}

/** What a health probe brought. */
export interface ProbeAnswer {
  /** Round trip in milliseconds. */
  readonly latencyMs: number;
  /** The first column of the first row, as text. */
  readonly text: string;
}

/**
 * One session with a database. One call at a time; only the next batch may be prepared beside it. After a
 * call that threw, it must be closed.
 */
export interface Connection {
  /** False once the session is known to be gone or in an unknown state. */
  readonly usable: boolean;
  /** Runs a plugin's session or teardown statements, in order. @throws {LoadError} */
  run(statements: readonly string[]): Promise<void>;
  /** Runs a plugin's health statement. @throws {LoadError} */
  probe(statement: string): Promise<ProbeAnswer>;
  /**
   * Rows of a query whose every column is a text or null, for who looks at what loads have done; left
   * out where nobody can. @throws {LoadError}
   */
  read?(query: string): Promise<(string | null)[][]>;
  /** The newest loads that its ledgers have; none by default. @throws {LoadError} */
  pastLoads?(question: PastLoadsQuestion): Promise<readonly PastLoad[]>;
  /** The table as it stands; undefined where there is none. @throws {LoadError} */
  describeTable(table: TableName): Promise<LiveTable | undefined>;
  /**
   * Once a load: the host's own tables, the plan's `create` where the table is not there, its
   * `prepare`, and the load row, in one transaction. The last load of this source into this table
   * goes on, unless it is to begin again: when `fresh` says so, for a replace, in another mode than
   * before unless any will do, or where the table is not there any more or holds no row of those
   * that were committed.
   * @throws {LoadError}
   */
  prepareLoad(order: LoadOrder): Promise<PreparedLoad>;
  /**
   * What {@linkcode Connection.prepareLoad} would find and do; nothing is changed.
   * @throws {LoadError} as it would
   */
  previewLoad?(order: LoadOrder): Promise<PreviewedLoad>;
  /** Once a connection that carries a lane: the plan's `stage`. @throws {LoadError} */
  joinLoad(order: LoadOrder, record: LoadRecord): Promise<void>;
  /** The marks that the ledger has of a batch; undefined where it has none. @throws {LoadError} */
  readMarks(
    order: LoadOrder,
    record: LoadRecord,
    batch: BatchKey,
  ): Promise<Uint8Array | undefined>;
  /** Does for a batch what can be done without a word to the database. Its buffers are handed over. */
  prepareBatch(batch: Batch, order: BatchOrder): PreparedBatch;
  /** Whether it writes ranges of the load that it has joined; it does not where this is left out. */
  writesRanges?(): Promise<boolean>;
  /**
   * Writes a range of a file while it is read, as {@linkcode PreparedBatch.write} does a batch of
   * which no row is left out.
   */
  writeRange?(range: BatchRange): Promise<RangeResult>;
  /** What images of the load's records are to be, where the connection that has joined it takes such. */
  imageOptions?(): Promise<ImageOptions | undefined>;
  /** Writes a range whose records were read into an image. */
  writeImage?(range: BatchRange, image: EncodedImage): Promise<RangeResult>;
  /**
   * Begins to do for a range what can be done before its turn, in this thread; undefined where nothing
   * can, so that {@linkcode Connection.writeRange} is for it.
   */
  prepareRange?(range: BatchRange): PreparedRange | undefined;
  /**
   * The plan's `finish` and the completion of the load row in one transaction, once the ledger's
   * sums agree with the totals, and for replace the count of the shadow table with
   * `totals.committed`.
   * @throws {LoadError} `counts_differ`, or the database's failure
   */
  finishLoad(order: LoadOrder, record: LoadRecord, totals: LoadTotals): Promise<void>;
  /** Marks the load as stopped and removes the shadow table of a replace. @throws {LoadError} */
  abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void>;
  /** Ends the session. Never throws, never hangs. */
  close(): Promise<void>;
}

/** The records of a range, which are being read. */
export interface RangeBytes extends RecordBytes {
  /** Lets go of the file, once nothing is read any more. */
  close(): void;
}

/** Opens a range's file; undefined where it is not the one that stood there, or cannot be opened. */
export type OpenRange = (range: BatchRange) => Promise<RangeBytes | undefined>;

/** How a driver writes ranges. */
export interface RangeWriting {
  /** Bytes of a range, at the most, where nobody asks for less. */
  readonly bytesMax: number;
  /** Whether a batch that is read before it is written is written in one pass as well. */
  readonly streams: boolean;
}

/** How to open a connection. */
export interface ConnectOptions {
  /** What turns batches into what the database takes. */
  readonly codec: Codec;
  /** Opens ranges; none are written where this is left out. */
  readonly openRange?: OpenRange;
  /**
   * Whether nothing is to be changed: a server is asked to refuse what writes, a file is opened for
   * reading, and in the place of one that is not there stands an empty database in memory. False by
   * default.
   */
  readonly readOnly?: boolean;
}

/** A family of databases behind one client library. */
export interface Driver {
  /** As in its {@linkcode DriverFamily}. */
  readonly family: string;
  /** As in its {@linkcode DriverFamily}. */
  readonly schemes: readonly string[];
  /** Connection settings; those of the plugin stand beside them. */
  readonly config: ConfigSchema;
  /** Bytes of an identifier. */
  readonly identifierBytesMax: number;
  /** Connections that can write at the same time; 1 where a database takes one writer. */
  readonly writersMax: number;
  /** As in its {@linkcode DriverFamily}. */
  readonly blocks: boolean;
  /**
   * Whether all connections of this process are to be in this thread, since they share an engine, which
   * each thread would have of its own; false by default.
   */
  readonly oneThread?: boolean;
  /** As in its {@linkcode DriverFamily}. */
  readonly coresOfLane?: number;
  /**
   * Where the settings point to, for people and for pools: no secret, no password.
   * @throws {LoadError} `config_invalid`
   */
  endpoint(config: Config): string;
  /**
   * See `BackendPlace.tables`.
   * @throws {LoadError} `config_invalid`
   */
  tables(config: Config, table: TableName): readonly string[];
  /** Files that the database is made of, those of its log among them; none by default. */
  files?(config: Config): readonly string[];
  /** What plans for it may look like. */
  readonly dialect: DialectRecipes;
  /**
   * How connections with these settings write ranges by such a plan, as far as can be told beforehand;
   * undefined where they do not, nor where this is left out.
   */
  ranges?(
    config: Config,
    planned: { readonly shape: Shape; readonly plan: Plan },
  ): RangeWriting | undefined;
  /** Loads the plan verifier, the last check of a plan. */
  grammar(): Promise<PlanVerifier>;
  /** Loads the client library, so that the first `connect` need not. */
  preload(): Promise<void>;
  /**
   * Looks at what a load needs of the database, and changes nothing; at nothing by default. What a
   * finding is about is a single word.
   * @throws {LoadError} what asking throws
   */
  examine?(connection: Connection, config: Config): Promise<readonly Finding[]>;
  /** Opens a session. @throws {LoadError} `connection_failed`, `authentication_failed`, … */
  connect(config: Config, options: ConnectOptions): Promise<Connection>;
}
