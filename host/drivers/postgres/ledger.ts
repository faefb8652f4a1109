/**
 * The host's own tables in the target's schema: a row for each batch that is in, and one for each
 * row that was rejected, where that was asked for. A batch's ledger row, its rows and its rejects
 * are one transaction, so the ledger says exactly what is in.
 */
import type { LedgerBatch, RowCounts } from "../../../src/backend.ts";
import { type Batch, byteEndOf, type RejectedRow, rowCount } from "../../../src/batch.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { qualified } from "./dialect.ts";
import { LOAD_TABLE, loadDdl, storable } from "./load_row.ts";
import type { Answer, Session } from "./session.ts";

/** Name of the table with a row for each batch. */
export const BATCH_TABLE = "_snakepipe_batch";

/** Name of the table with a row for each rejected one. */
const REJECT_TABLE = "_snakepipe_reject";

/** "snakepip" in ASCII: whoever prepares a load in this database waits for the others. */
const PREPARE_LOCK = "8317692675691145584";

/** Rows of one INSERT of rejects: nine parameters each. */
const REJECTS_PER_STATEMENT = 1_000;

function batchDdl(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS ${qualified(schema, BATCH_TABLE)} (
  load_id uuid NOT NULL REFERENCES ${qualified(schema, LOAD_TABLE)} (id) ON DELETE CASCADE,
  sequence bigint NOT NULL,
  ordinal_first bigint NOT NULL,
  rows_read bigint NOT NULL,
  committed bigint NOT NULL,
  superseded bigint NOT NULL,
  rejected bigint NOT NULL,
  part text NOT NULL,
  byte_first bigint NOT NULL,
  byte_end bigint NOT NULL,
  content_hash text NOT NULL,
  row_marks bytea NOT NULL,
  plan_hash text NOT NULL,
  plugin_sha256 text NOT NULL,
  committed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (load_id, sequence)
)`;
}

function rejectDdl(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS ${qualified(schema, REJECT_TABLE)} (
  load_id uuid NOT NULL REFERENCES ${qualified(schema, LOAD_TABLE)} (id) ON DELETE CASCADE,
  ordinal bigint NOT NULL,
  sequence bigint NOT NULL,
  part text NOT NULL,
  line bigint NOT NULL,
  column_name text,
  code text NOT NULL,
  message text NOT NULL,
  record bytea,
  rejected_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (load_id, ordinal)
)`;
}

/**
 * Creates the host's tables where they are missing, within a transaction. Two loads that begin at
 * once would both create them, and one would fail: the lock, held until the transaction ends, lets
 * one through at a time. It covers the plan's own DDL as well, and the choice of a generation.
 */
export async function createHostTables(
  session: Session,
  schema: string,
  { rejectTable }: Pick<LoadOrder, "rejectTable">,
): Promise<void> {
  await session.query(`SELECT pg_catalog.pg_advisory_xact_lock(${PREPARE_LOCK})`);
  const ddl: [string, string][] = [
    [LOAD_TABLE, loadDdl(schema)],
    [BATCH_TABLE, batchDdl(schema)],
    ...(rejectTable ? [[REJECT_TABLE, rejectDdl(schema)] as [string, string]] : []),
  ];
  // IF NOT EXISTS wants the privilege to create even where there is nothing to do.
  const { rows } = await session.query(
    `SELECT ${ddl.map((_, i) => `pg_catalog.to_regclass($${i + 1}) IS NULL`).join(", ")}`,
    { parameters: ddl.map(([name]) => qualified(schema, name)) },
  );
  for (const [i, [, statement]] of ddl.entries()) {
    if (rows[0]![i] === "t") await session.query(statement);
  }
}

/** What a batch's ledger row says beyond the batch itself. */
export interface LedgerEntry {
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly contentHash: string;
  /** See `content_hash.ts`. */
  readonly marks: Uint8Array;
}

/** Adds a batch's ledger row; every row of the batch counts as committed until told otherwise. */
export function insertBatch(
  session: Session,
  schema: string,
  { batch, entry }: { readonly batch: Batch; readonly entry: LedgerEntry },
): Promise<Answer> {
  const rows = String(rowCount(batch));
  return session.query(
    `INSERT INTO ${qualified(schema, BATCH_TABLE)} (load_id, sequence, ordinal_first, rows_read,
  committed, superseded, rejected, part, byte_first, byte_end, content_hash, plan_hash,
  plugin_sha256, row_marks) VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, $8, $9, $10, $11, $12)`,
    {
      prepare: true,
      parameters: [
        entry.record.id,
        String(batch.sequence),
        String(batch.ordinal),
        rows,
        rows,
        storable(batch.part),
        String(batch.byteOffset),
        String(byteEndOf(batch)),
        entry.contentHash,
        entry.order.planHash,
        entry.order.plugin.sha256,
        `\\x${entry.marks.toHex()}`,
      ],
    },
  );
}

/** Corrects the counts of a batch's ledger row. */
export function updateBatch(
  session: Session,
  schema: string,
  { batch, record, counts }: {
    readonly batch: Batch;
    readonly record: LoadRecord;
    readonly counts: RowCounts;
  },
): Promise<Answer> {
  const { committed, superseded, rejected } = counts;
  return session.query(
    `UPDATE ${qualified(schema, BATCH_TABLE)} SET committed = $1, superseded = $2, rejected = $3
WHERE load_id = $4 AND sequence = $5`,
    {
      prepare: true,
      parameters: [committed, superseded, rejected, record.id, batch.sequence].map(String),
    },
  );
}

/** Adds the rows that a batch leaves out. */
export async function insertRejects(
  session: Session,
  schema: string,
  { batch, record, rows }: {
    readonly batch: Batch;
    readonly record: LoadRecord;
    readonly rows: readonly RejectedRow[];
  },
): Promise<void> {
  for (let from = 0; from < rows.length; from += REJECTS_PER_STATEMENT) {
    const some = rows.slice(from, from + REJECTS_PER_STATEMENT);
    const parameters = some.flatMap((row) => [
      record.id,
      String(row.ordinal),
      String(batch.sequence),
      storable(row.part),
      String(row.line),
      row.column === undefined ? null : storable(row.column),
      row.code,
      storable(row.message),
      row.record === undefined ? null : `\\x${row.record.toHex()}`,
    ]);
    const width = parameters.length / some.length;
    const values = some.map((_, row) =>
      `(${Array.from({ length: width }, (_, i) => `$${row * width + i + 1}`).join(", ")})`
    );
    await session.query(
      `INSERT INTO ${qualified(schema, REJECT_TABLE)} (load_id, ordinal, sequence, part, line,
  column_name, code, message, record) VALUES ${values.join(", ")}`,
      { parameters },
    );
  }
}

const BATCH_FIELDS =
  "sequence, part, byte_first, byte_end, content_hash, rows_read, committed, superseded, rejected";

/** Batches that are in, by their numbers. */
export async function findBatches(
  session: Session,
  schema: string,
  record: LoadRecord,
): Promise<LedgerBatch[]> {
  const { rows } = await session.query(
    `SELECT ${BATCH_FIELDS} FROM ${qualified(schema, BATCH_TABLE)} WHERE load_id = $1
ORDER BY sequence`,
    { parameters: [record.id] },
  );
  return rows.map((row) => ledgerBatch(row as string[]));
}

/** The batch of that number, where it is in. */
export async function findBatch(
  session: Session,
  schema: string,
  { record, sequence }: { readonly record: LoadRecord; readonly sequence: number },
): Promise<LedgerBatch | undefined> {
  const { rows: [row] } = await session.query(
    `SELECT ${BATCH_FIELDS} FROM ${qualified(schema, BATCH_TABLE)}
WHERE load_id = $1 AND sequence = $2`,
    { parameters: [record.id, String(sequence)] },
  );
  return row && ledgerBatch(row as string[]);
}

/** The marks of the batch of that number, where it is in. */
export async function findMarks(
  session: Session,
  schema: string,
  { record, sequence }: { readonly record: LoadRecord; readonly sequence: number },
): Promise<Uint8Array | undefined> {
  const { rows: [row] } = await session.query(
    `SELECT encode(row_marks, 'hex') FROM ${qualified(schema, BATCH_TABLE)}
WHERE load_id = $1 AND sequence = $2`,
    { parameters: [record.id, String(sequence)] },
  );
  return row && Uint8Array.fromHex(row[0]!);
}

function ledgerBatch(row: readonly string[]): LedgerBatch {
  const [sequence, part, byteOffset, byteEnd, contentHash, read, committed, superseded, rejected] =
    row;
  return {
    sequence: Number(sequence),
    part: part!,
    byteOffset: Number(byteOffset),
    byteEnd: Number(byteEnd),
    contentHash: contentHash!,
    counts: {
      read: Number(read),
      committed: Number(committed),
      superseded: Number(superseded),
      rejected: Number(rejected),
    },
  };
}

/** The sums of a load's ledger. */
export async function ledgerTotals(
  session: Session,
  schema: string,
  record: LoadRecord,
): Promise<RowCounts> {
  const sum = (column: string) => `coalesce(sum(${column}), 0)`;
  const { rows: [row] } = await session.query(
    `SELECT ${["rows_read", "committed", "superseded", "rejected"].map(sum).join(", ")}
FROM ${qualified(schema, BATCH_TABLE)} WHERE load_id = $1`,
    { parameters: [record.id] },
  );
  const [read, committed, superseded, rejected] = row!.map(Number);
  return {
    read: read!,
    committed: committed!,
    superseded: superseded!,
    rejected: rejected!,
  };
}
