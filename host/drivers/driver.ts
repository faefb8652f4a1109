/**
 * What a driver is to the rest of the host. A driver owns one client library; every file of every
 * driver folder has the same name and the same role. Everything that a connection is asked, and
 * everything that it answers, can be cloned into and out of a worker.
 */
import type { LiveTable, RowCounts, WriteResult } from "../../src/backend.ts";
import type { Batch, Shape, TableName } from "../../src/batch.ts";
import type { Config, ConfigSchema } from "../../src/config/schema.ts";
import type { Plan } from "../../src/abi/plan.ts";
import type { NulRule } from "../../src/nul_rule.ts";
import type { Codec } from "../codec/codec.ts";

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
  /** What becomes of U+0000 in text and json; what the database takes decides by default. */
  readonly nul?: NulRule;
}

/** The load row. */
export interface LoadRecord {
  /** Unique in the database. */
  readonly id: string;
  /** How often the source was loaded into the table before, plus one. */
  readonly generation: number;
}

/** What a health probe brought. */
export interface ProbeAnswer {
  /** Round trip in milliseconds. */
  readonly latencyMs: number;
  /** The first column of the first row, as text. */
  readonly text: string;
}

/** One session with a database. One call at a time. After a call that threw, it must be closed. */
export interface Connection {
  /** False once the session is known to be gone or in an unknown state. */
  readonly usable: boolean;
  /** Runs a plugin's session or teardown statements, in order. @throws {LoadError} */
  run(statements: readonly string[]): Promise<void>;
  /** Runs a plugin's health statement. @throws {LoadError} */
  probe(statement: string): Promise<ProbeAnswer>;
  /** The table as it stands; undefined where there is none. @throws {LoadError} */
  describeTable(table: TableName): Promise<LiveTable | undefined>;
  /**
   * Once a load: the host's own tables, the plan's `create` where the table is not there, its
   * `prepare`, and the load row, in one transaction.
   * @throws {LoadError}
   */
  prepareLoad(order: LoadOrder): Promise<LoadRecord>;
  /** Once a connection that carries a lane: the plan's `stage`. @throws {LoadError} */
  joinLoad(order: LoadOrder, record: LoadRecord): Promise<void>;
  /**
   * Begins what can be done for a batch while the one before it is still being written. The same
   * batch is then written next, and no other.
   */
  prepareBatch?(batch: Batch): void;
  /** Ledger row, rows and merge of one batch in one transaction. Database failures are values. */
  writeBatch(batch: Batch): Promise<WriteResult>;
  /**
   * The plan's `finish` and the completion of the load row in one transaction, once the ledger's
   * sum, and for replace the count of what was loaded aside, equal `totals.committed`.
   * @throws {LoadError} `counts_differ`, or the database's failure
   */
  finishLoad(order: LoadOrder, record: LoadRecord, totals: RowCounts): Promise<void>;
  /** Marks the load as failed and removes what a replace loaded aside. @throws {LoadError} */
  abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void>;
  /** Ends the session. Never throws, never hangs. */
  close(): Promise<void>;
}

/** How to open a connection. */
export interface ConnectOptions {
  /** What turns batches into what the database takes. */
  readonly codec: Codec;
}

/** A family of databases behind one client library. */
export interface Driver {
  /** The word that manifests name: `postgres`, `libsql`. */
  readonly family: string;
  /** URL schemes that its `url` setting takes, the usual one first. */
  readonly schemes: readonly string[];
  /** Connection settings; those of the plugin stand beside them. */
  readonly config: ConfigSchema;
  /** Bytes of an identifier. */
  readonly identifierBytesMax: number;
  /** Connections that can write at the same time; 1 where a database takes one writer. */
  readonly writersMax: number;
  /**
   * Where the settings point to, for people and for pools: no secret, no password.
   * @throws {LoadError} `config_invalid`
   */
  endpoint(config: Config): string;
  /** Loads the client library, so that the first `connect` need not. */
  preload(): Promise<void>;
  /** Opens a session. @throws {LoadError} `connection_failed`, `authentication_failed`, … */
  connect(config: Config, options: ConnectOptions): Promise<Connection>;
}
