/**
 * The host's own table with a row for each batch that is in. A batch's ledger row, its rows and its
 * rejects are one transaction, so the ledger says exactly what is in.
 */
import type { LedgerBatch, RowCounts } from "../../../src/backend.ts";
import { type Batch, byteEndOf, rowCount } from "../../../src/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { type HostTables, Verbatim } from "./host_tables.ts";
import type { Statement } from "./session.ts";

/** Creates the table. */
export function batchDdl({ load, batch, words: { types, tableOptions } }: HostTables): string {
  return `CREATE TABLE IF NOT EXISTS ${batch.text} (
  load_id ${types.id} NOT NULL REFERENCES ${load.text} (id) ON DELETE CASCADE,
  sequence ${types.integer} NOT NULL,
  ordinal_first ${types.integer} NOT NULL,
  rows_read ${types.integer} NOT NULL,
  committed ${types.integer} NOT NULL,
  superseded ${types.integer} NOT NULL,
  rejected ${types.integer} NOT NULL,
  part ${types.text} NOT NULL,
  byte_first ${types.integer} NOT NULL,
  byte_end ${types.integer} NOT NULL,
  content_hash ${types.text} NOT NULL,
  row_marks ${types.bytes} NOT NULL,
  plan_hash ${types.text} NOT NULL,
  plugin_sha256 ${types.text} NOT NULL,
  committed_at ${types.time} NOT NULL,
  PRIMARY KEY (load_id, sequence)
) ${tableOptions}`;
}

/** What a batch's ledger row says beyond the batch itself. */
export interface LedgerEntry {
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly contentHash: string;
  /** See `content_hash.ts`. */
  readonly marks: Uint8Array;
}

/**
 * The statement that writes the row of a batch; every row of the batch counts as committed until told
 * otherwise. Where the row is there already, and so is the batch, a constraint refuses it.
 */
export function batchStatement(
  host: HostTables,
  batch: Batch,
  { order, record, contentHash, marks }: LedgerEntry,
): Statement {
  const rows = rowCount(batch);
  const statement = host.statement`INSERT INTO ${host.batch} (load_id, sequence, ordinal_first,
  rows_read, committed, superseded, rejected, part, byte_first, byte_end, content_hash, plan_hash,
  plugin_sha256, row_marks, committed_at)
VALUES (${record.id}, ${batch.sequence}, ${batch.ordinal}, ${rows}, ${rows}, 0, 0, ${batch.part},
  ${batch.byteOffset}, ${byteEndOf(batch)}, ${contentHash}, ${order.planHash},
  ${order.plugin.sha256}, ${marks}, ${host.now})`;
  return { ...statement, repeats: true };
}

/** Corrects the counts of a batch whose row is written. */
export async function correctCounts(
  host: HostTables,
  batch: Batch,
  { record, counts }: { readonly record: LoadRecord; readonly counts: RowCounts },
): Promise<void> {
  const statement = host.statement`UPDATE ${host.batch} SET committed = ${counts.committed},
  superseded = ${counts.superseded}, rejected = ${counts.rejected}
WHERE load_id = ${record.id} AND sequence = ${batch.sequence}`;
  await host.session.runAll([{ ...statement, repeats: true }]);
}

const FIELDS = new Verbatim(
  "sequence, part, byte_first, byte_end, content_hash, rows_read, committed, superseded, rejected",
);

/** Batches that are in, by their numbers. */
export async function findBatches(host: HostTables, { id }: LoadRecord): Promise<LedgerBatch[]> {
  const rows = await host.all`
SELECT ${FIELDS} FROM ${host.batch} WHERE load_id = ${id} ORDER BY sequence`;
  return rows.map(ledgerBatch);
}

/** The batch of that number; undefined where it is not in. */
export async function findBatch(
  host: HostTables,
  { id }: LoadRecord,
  sequence: number,
): Promise<LedgerBatch | undefined> {
  const [row] = await host.all`
SELECT ${FIELDS} FROM ${host.batch} WHERE load_id = ${id} AND sequence = ${sequence}`;
  return row && ledgerBatch(row);
}

/** The marks of the batch of that number; undefined where it is not in. */
export async function findMarks(
  host: HostTables,
  { id }: LoadRecord,
  sequence: number,
): Promise<Uint8Array | undefined> {
  const marks = new Verbatim(host.words.hex("row_marks"));
  const [row] = await host.all`
SELECT ${marks} FROM ${host.batch} WHERE load_id = ${id} AND sequence = ${sequence}`;
  return row && Uint8Array.fromHex(String(row[0]));
}

function ledgerBatch(row: readonly Cell[]): LedgerBatch {
  const [sequence, part, byteOffset, byteEnd, contentHash, ...counts] = row;
  return {
    sequence: Number(sequence),
    part: String(part),
    byteOffset: Number(byteOffset),
    byteEnd: Number(byteEnd),
    contentHash: String(contentHash),
    counts: rowCounts(counts),
  };
}

/** The sums of a load's ledger. */
export async function ledgerTotals(host: HostTables, { id }: LoadRecord): Promise<RowCounts> {
  const [row] = await host.all`
SELECT coalesce(sum(rows_read), 0), coalesce(sum(committed), 0), coalesce(sum(superseded), 0),
  coalesce(sum(rejected), 0) FROM ${host.batch} WHERE load_id = ${id}`;
  return rowCounts(row!);
}

function rowCounts(row: readonly Cell[]): RowCounts {
  const [read, committed, superseded, rejected] = row.map(Number);
  return {
    read: read!,
    committed: committed!,
    superseded: superseded!,
    rejected: rejected!,
  };
}
