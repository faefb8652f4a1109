/**
 * The host's own tables in the target: a row for each batch that is committed, and one for each row
 * that was rejected, where that was asked for. The ledger row is written in the batch's own
 * transaction, so it says for certain whether the batch is in.
 */
import type { LedgerBatch, RowCounts } from "../../../src/backend.ts";
import { type Batch, byteEndOf, type RejectedRow, rowCount } from "../../../src/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { LOAD_DDL } from "./load_row.ts";
import type { Session, Statement } from "./session.ts";

const BATCH_DDL = `CREATE TABLE IF NOT EXISTS "_snakepipe_batch" (
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
    "row_marks" BLOB NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "plugin_sha256" TEXT NOT NULL,
    "committed_at" TEXT NOT NULL,
    PRIMARY KEY ("load_id", "sequence")
  ) STRICT, WITHOUT ROWID`;

const REJECT_DDL = `CREATE TABLE IF NOT EXISTS "_snakepipe_reject" (
    "load_id" TEXT NOT NULL REFERENCES "_snakepipe_load" ("id"),
    "ordinal" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "part" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "column_name" TEXT,
    "code" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "record" BLOB,
    "rejected_at" TEXT NOT NULL,
    PRIMARY KEY ("load_id", "ordinal")
  ) STRICT, WITHOUT ROWID`;

/** Makes the host's tables where they are missing. @throws {SessionError} */
export async function createLedger(
  session: Session,
  { rejectTable }: Pick<LoadOrder, "rejectTable">,
): Promise<void> {
  for (const sql of [LOAD_DDL, BATCH_DDL, ...rejectTable ? [REJECT_DDL] : []]) {
    await session.run(sql);
  }
}

/**
 * The statement that writes the row of a batch, as if every row of it were committed. Where the row
 * is there already, and so is the batch, a constraint refuses it.
 */
export function claimStatement(
  batch: Batch,
  claim: {
    readonly order: LoadOrder;
    readonly record: LoadRecord;
    readonly contentHash: string;
    readonly marks: Uint8Array;
  },
): Statement {
  const rows = BigInt(rowCount(batch));
  return {
    sql: `INSERT INTO "_snakepipe_batch" ("load_id", "sequence", "ordinal_first", "rows_read",
       "committed", "superseded", "rejected", "part", "byte_first", "byte_end", "content_hash",
       "plan_hash", "plugin_sha256", "committed_at", "row_marks")
     VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      claim.record.id,
      BigInt(batch.sequence),
      BigInt(batch.ordinal),
      rows,
      rows,
      batch.part,
      BigInt(batch.byteOffset),
      BigInt(byteEndOf(batch)),
      claim.contentHash,
      claim.order.planHash,
      claim.order.plugin.sha256,
      new Date().toISOString(),
      claim.marks,
    ],
  };
}

const BATCH_FIELDS = `"sequence", "part", "byte_first", "byte_end", "content_hash", "rows_read",
  "committed", "superseded", "rejected"`;

/** Batches that are in, by their numbers. @throws {SessionError} */
export async function findBatches(session: Session, record: LoadRecord): Promise<LedgerBatch[]> {
  const rows = await session.all(
    `SELECT ${BATCH_FIELDS} FROM "_snakepipe_batch" WHERE "load_id" = ? ORDER BY "sequence"`,
    [record.id],
  );
  return rows.map(ledgerBatch);
}

/** The batch of that number; undefined where it is not in. @throws {SessionError} */
export async function findBatch(
  session: Session,
  record: LoadRecord,
  sequence: number,
): Promise<LedgerBatch | undefined> {
  const [row] = await session.all(
    `SELECT ${BATCH_FIELDS} FROM "_snakepipe_batch" WHERE "load_id" = ? AND "sequence" = ?`,
    [record.id, BigInt(sequence)],
  );
  return row && ledgerBatch(row);
}

/** The marks of the batch of that number, where it is in. @throws {SessionError} */
export async function findMarks(
  session: Session,
  record: LoadRecord,
  sequence: number,
): Promise<Uint8Array | undefined> {
  const [row] = await session.all(
    `SELECT "row_marks" FROM "_snakepipe_batch" WHERE "load_id" = ? AND "sequence" = ?`,
    [record.id, BigInt(sequence)],
  );
  return row?.[0] instanceof Uint8Array ? row[0] : undefined;
}

function ledgerBatch(row: readonly Cell[]): LedgerBatch {
  const [sequence, part, byteOffset, byteEnd, contentHash, read, committed, superseded, rejected] =
    row;
  return {
    sequence: Number(sequence),
    part: String(part),
    byteOffset: Number(byteOffset),
    byteEnd: Number(byteEnd),
    contentHash: String(contentHash),
    counts: {
      read: Number(read),
      committed: Number(committed),
      superseded: Number(superseded),
      rejected: Number(rejected),
    },
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

/** Adds the rows that a batch leaves out. @throws {SessionError} */
export async function insertRejects(
  session: Session,
  batch: Batch,
  options: { readonly record: LoadRecord; readonly rows: readonly RejectedRow[] },
): Promise<void> {
  const now = new Date().toISOString();
  for (const row of options.rows) {
    await session.run(
      `INSERT INTO "_snakepipe_reject" ("load_id", "ordinal", "sequence", "part", "line",
         "column_name", "code", "message", "record", "rejected_at")
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        options.record.id,
        BigInt(row.ordinal),
        BigInt(batch.sequence),
        row.part,
        BigInt(row.line),
        row.column ?? null,
        row.code,
        row.message,
        row.record ?? null,
        now,
      ],
    );
  }
}

/** The sums of a load's ledger. @throws {SessionError} */
export async function ledgerTotals(session: Session, record: LoadRecord): Promise<RowCounts> {
  const sum = (column: string) => `coalesce(sum("${column}"), 0)`;
  const [row] = await session.all(
    `SELECT ${["rows_read", "committed", "superseded", "rejected"].map(sum).join(", ")}
     FROM "_snakepipe_batch" WHERE "load_id" = ?`,
    [record.id],
  );
  const [read, committed, superseded, rejected] = row!.map(Number);
  return {
    read: read!,
    committed: committed!,
    superseded: superseded!,
    rejected: rejected!,
  };
}
