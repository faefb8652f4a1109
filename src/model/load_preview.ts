/** What a load would find and do. */
import type { LedgerBatch } from "./backend.ts";

/** A statement that a load would run, with the names that it would have. */
export interface PreviewedStatement {
  /**
   * When: `create` where the table is not there, `prepare` once a load, `stage` once a connection,
   * `write` and `merge` with each batch, `finish` at the end.
   */
  readonly phase: "create" | "prepare" | "stage" | "write" | "merge" | "finish";
  /** Of `write`, for one row. A shadow table has the name of no load in particular. */
  readonly sql: string;
}

/** What a load would find and do, as far as it can be told without changing anything. */
export interface LoadPreview {
  /** Whether the table is there. */
  readonly there: boolean;
  /** The load that would go on; absent where one would begin. */
  readonly earlier?: {
    /** Id of its row. */
    readonly id: string;
    /** How often the source was loaded into the table again, from 1. */
    readonly generation: number;
    /** Whether it has come to its end. */
    readonly complete: boolean;
  };
  /** Batches that are in. */
  readonly batches: readonly LedgerBatch[];
  /** In the order in which they would be run. */
  readonly statements: readonly PreviewedStatement[];
  /** What the user should know of the table: one sentence each. */
  readonly notes: readonly string[];
  /** Rows of a transaction, at the most. */
  readonly batchRowsMax: number;
  /** Bytes of a transaction, at the most. */
  readonly batchBytesMax: number;
  /** Bytes of a range, at the most; absent where none would be written. */
  readonly rangeBytesMax?: number;
  /** Connections that would write. */
  readonly lanes: number;
}
