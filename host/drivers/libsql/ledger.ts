/**
 * The host's own two tables in the target: a row for each load, and one for each batch of it that
 * is committed. The ledger row is written in the batch's own transaction, so it says for certain
 * whether the batch is in.
 */
import type { RowCounts } from "../../../src/backend.ts";
import { type Batch, rowCount, tableLabel } from "../../../src/batch.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import type { Session, Statement } from "./session.ts";

const TABLES = [
  `CREATE TABLE IF NOT EXISTS "_snakepipe_load" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "table_name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('running', 'complete', 'failed')),
    "mode" TEXT NOT NULL,
    "columns" TEXT NOT NULL,
    "batch_rows_max" INTEGER NOT NULL,
    "batch_bytes_max" INTEGER NOT NULL,
    "rows_committed" INTEGER NOT NULL,
    "plugin_name" TEXT NOT NULL,
    "plugin_version" TEXT NOT NULL,
    "plugin_sha256" TEXT NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "started_at" TEXT NOT NULL,
    "finished_at" TEXT,
    UNIQUE ("table_name", "source", "generation")
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS "_snakepipe_batch" (
    "load_id" TEXT NOT NULL REFERENCES "_snakepipe_load" ("id"),
    "sequence" INTEGER NOT NULL,
    "ordinal_first" INTEGER NOT NULL,
    "rows_read" INTEGER NOT NULL,
    "committed" INTEGER NOT NULL,
    "superseded" INTEGER NOT NULL,
    "rejected" INTEGER NOT NULL,
    "part" TEXT NOT NULL,
    "byte_first" INTEGER NOT NULL,
    "byte_end" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "plugin_sha256" TEXT NOT NULL,
    "committed_at" TEXT NOT NULL,
    PRIMARY KEY ("load_id", "sequence")
  ) STRICT, WITHOUT ROWID`,
];

/** Makes the host's tables where they are missing. @throws {SessionError} */
export async function createLedger(session: Session): Promise<void> {
  for (const sql of TABLES) await session.run(sql);
}

/** Writes the row of a load that begins. @throws {SessionError} */
export async function insertLoad(session: Session, order: LoadOrder): Promise<LoadRecord> {
  const table = tableLabel(order.shape.table);
  const [last] = await session.all(
    `SELECT coalesce(max("generation"), 0) FROM "_snakepipe_load"
     WHERE "table_name" = ? AND "source" = ?`,
    [table, order.source],
  );
  const record = { id: crypto.randomUUID(), generation: Number(last![0]) + 1 };
  await session.run(
    `INSERT INTO "_snakepipe_load" ("id", "table_name", "source", "generation", "state", "mode",
       "columns", "batch_rows_max", "batch_bytes_max", "rows_committed", "plugin_name",
       "plugin_version", "plugin_sha256", "plan_hash", "started_at")
     VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
    [
      record.id,
      table,
      order.source,
      BigInt(record.generation),
      order.shape.mode,
      JSON.stringify(order.shape.columns),
      BigInt(order.batchRowsMax),
      BigInt(order.batchBytesMax),
      order.plugin.name,
      order.plugin.version,
      order.plugin.sha256,
      order.planHash,
      new Date().toISOString(),
    ],
  );
  return record;
}

/** Ends the row of a load. @throws {SessionError} */
export async function endLoad(
  session: Session,
  record: LoadRecord,
  end: { readonly state: "complete" | "failed"; readonly committed: bigint },
): Promise<void> {
  await session.run(
    `UPDATE "_snakepipe_load" SET "state" = ?, "rows_committed" = ?, "finished_at" = ?
     WHERE "id" = ?`,
    [end.state, end.committed, new Date().toISOString(), record.id],
  );
}

/** Rows that the ledger of a load says are committed. @throws {SessionError} */
export async function committedRows(session: Session, record: LoadRecord): Promise<bigint> {
  const [row] = await session.all(
    `SELECT coalesce(sum("committed"), 0) FROM "_snakepipe_batch" WHERE "load_id" = ?`,
    [record.id],
  );
  return BigInt(row![0] as bigint);
}

/** A batch that is in. */
export interface LedgerEntry {
  readonly counts: RowCounts;
  readonly contentHash: string;
}

/**
 * The statement that writes the row of a batch, as if every row of it were committed. Where the row
 * is there already, and so is the batch, a constraint refuses it.
 */
export function claimStatement(
  batch: Batch,
  claim: { readonly order: LoadOrder; readonly record: LoadRecord; readonly contentHash: string },
): Statement {
  const rows = BigInt(rowCount(batch));
  return {
    sql: `INSERT INTO "_snakepipe_batch" ("load_id", "sequence", "ordinal_first", "rows_read",
       "committed", "superseded", "rejected", "part", "byte_first", "byte_end", "content_hash",
       "plan_hash", "plugin_sha256", "committed_at")
     VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      claim.record.id,
      BigInt(batch.sequence),
      BigInt(batch.ordinal),
      rows,
      rows,
      batch.part,
      BigInt(batch.byteOffset),
      BigInt(batch.byteOffset + batch.bytes.length),
      claim.contentHash,
      claim.order.planHash,
      claim.order.plugin.sha256,
      new Date().toISOString(),
    ],
  };
}

/** The row of a batch; undefined where it is not in. @throws {SessionError} */
export async function findBatch(
  session: Session,
  record: LoadRecord,
  sequence: number,
): Promise<LedgerEntry | undefined> {
  const [row] = await session.all(
    `SELECT "rows_read", "committed", "superseded", "rejected", "content_hash"
     FROM "_snakepipe_batch" WHERE "load_id" = ? AND "sequence" = ?`,
    [record.id, BigInt(sequence)],
  );
  if (!row) return undefined;
  const [read, committed, superseded, rejected, contentHash] = row;
  return {
    counts: {
      read: Number(read),
      committed: Number(committed),
      superseded: Number(superseded),
      rejected: Number(rejected),
    },
    contentHash: String(contentHash),
  };
}

/** Corrects the counts of a batch that was claimed. @throws {SessionError} */
export async function correctCounts(
  session: Session,
  batch: Batch,
  options: { readonly record: LoadRecord; readonly counts: RowCounts },
): Promise<void> {
  const { record, counts } = options;
  await session.run(
    `UPDATE "_snakepipe_batch" SET "committed" = ?, "superseded" = ?, "rejected" = ?
     WHERE "load_id" = ? AND "sequence" = ?`,
    [
      BigInt(counts.committed),
      BigInt(counts.superseded),
      BigInt(counts.rejected),
      record.id,
      BigInt(batch.sequence),
    ],
  );
}
