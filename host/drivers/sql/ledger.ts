/**
 * The host's own table with a row for each batch that is in. A batch's ledger row, its rows and its
 * rejects are one transaction, so the ledger says exactly what is in.
 *
 * A batch is known by its load, its part and its first byte. Its number is for people, and for the order
 * in which batches came: two programs that load the same source need not agree on it.
 */
import type { BatchKey, LedgerBatch, RowCounts } from "../../../src/model/backend.ts";
import {
  type Batch,
  type BatchRange,
  byteEndOf,
  type RejectedRow,
  rowCount,
} from "../../../src/model/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { type Clause, type HostTables, Verbatim } from "./host_tables.ts";
import type { Statement } from "./session.ts";

/** Creates the table. */
export function batchDdl(
  { reference, batch, words: { types, tableOptions = "" } }: HostTables,
): string {
  return `CREATE TABLE IF NOT EXISTS ${batch.text} (
  load_id ${types.id} NOT NULL${reference},
  sequence ${types.integer} NOT NULL,
  ordinal_first ${types.integer} NOT NULL,
  rows_read ${types.integer} NOT NULL,
  committed ${types.integer} NOT NULL,
  superseded ${types.integer} NOT NULL,
  rejected ${types.integer} NOT NULL,
  left_out ${types.text},
  part ${types.key} NOT NULL,
  byte_first ${types.integer} NOT NULL,
  byte_end ${types.integer} NOT NULL,
  content_hash ${types.text} NOT NULL,
  row_marks ${types.bytes} NOT NULL,
  plan_hash ${types.text} NOT NULL,
  plugin_sha256 ${types.text} NOT NULL,
  run_id ${types.id},
  committed_at ${types.time} NOT NULL,
  PRIMARY KEY (load_id, part, byte_first)
) ${tableOptions}`;
}

/** What a ledger row is of. */
export type LedgerRange =
  & Pick<Batch, "sequence" | "part" | "byteOffset">
  & Pick<BatchRange, "byteEnd">;

/** The number of the first row of a batch that was written before it was known: see {@linkcode numberRows}. */
const NO_ORDINAL = -1;

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
  entry: LedgerEntry,
): Statement {
  return rowStatement(host, { ...batch, byteEnd: byteEndOf(batch), rows: rowCount(batch) }, entry);
}

/** What a ledger row is of that is written in one pass, and which rows these are, where it is known. */
export interface RangeEntry extends LedgerRange {
  readonly rows?: { readonly ordinal: number; readonly count: number };
}

/** The same of what is written in one pass: what it says of the bytes comes last. */
export function rangeStatement(
  host: HostTables,
  { rows = { ordinal: NO_ORDINAL, count: 0 }, ...range }: RangeEntry,
  about: Pick<LedgerEntry, "order" | "record">,
): Statement {
  const unknown = { contentHash: "", marks: new Uint8Array(0) };
  const { ordinal, count } = rows;
  return rowStatement(host, { ...range, ordinal, rows: count }, { ...about, ...unknown });
}

function rowStatement(
  host: HostTables,
  { sequence, ordinal, part, byteOffset, byteEnd, rows }: LedgerRange & {
    readonly ordinal: number;
    readonly rows: number;
  },
  { order, record, contentHash, marks }: LedgerEntry,
): Statement {
  const statement = host.statement`INSERT INTO ${host.batch} (load_id, sequence, ordinal_first,
  rows_read, committed, superseded, rejected, part, byte_first, byte_end, content_hash, plan_hash,
  plugin_sha256, run_id, row_marks, committed_at)
VALUES (${record.id}, ${sequence}, ${ordinal}, ${rows}, ${rows}, 0, 0, ${part},
  ${byteOffset}, ${byteEnd}, ${contentHash}, ${order.planHash},
  ${order.plugin.sha256}, ${order.run}, ${marks}, ${host.now})`;
  return { ...statement, repeats: true };
}

/** What has become of a batch whose rows are written. */
export interface Closing {
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly counts: RowCounts;
  /** Rows that it leaves out, each with its place. */
  readonly rejects: readonly RejectedRow[];
  /** SQL for the state of the target; see `table_watch.ts`. */
  readonly table: Verbatim;
  /** What its row does not say yet, where it was read while it was written. */
  readonly late?: Pick<LedgerEntry, "contentHash" | "marks"> | undefined;
}

/**
 * The last statements of a batch, which write into its row what has become of it. The last one answers
 * with the state of the target, as it is and as the row of the load has it; with nothing where the
 * batch shares bytes with another one that is in.
 */
export function closingStatements(
  host: HostTables,
  { part, byteOffset: first, byteEnd: end }: LedgerRange,
  { order, record: { id }, counts, rejects, table, late }: Closing,
): Statement[] {
  // Of a replay, first bytes stand for attempts at single rows, and not for ranges.
  const replays = order.replays === undefined ? 0 : 1;
  const own: Clause = (sql) => sql`load_id = ${id} AND part = ${part} AND byte_first = ${first}`;
  const alone: Clause = (sql) =>
    sql`(${replays} = 1 OR (
  coalesce((SELECT b.byte_end FROM ${host.batch} b WHERE b.load_id = ${id} AND b.part = ${part}
    AND b.byte_first < ${first} ORDER BY b.byte_first DESC LIMIT 1), ${first}) <= ${first}
  AND coalesce((SELECT b.byte_first FROM ${host.batch} b WHERE b.load_id = ${id}
    AND b.part = ${part} AND b.byte_first > ${first} ORDER BY b.byte_first LIMIT 1), ${end}) >= ${end}))`;
  const look: Clause = (sql) =>
    sql`${table}, (SELECT l.table_state FROM ${host.load} l WHERE l.id = ${id})`;
  const ofRows: Clause = (sql) =>
    late
      ? sql`, rows_read = ${counts.read}, content_hash = ${late.contentHash}, row_marks = ${late.marks}`
      : "";
  const update: Clause = (sql) =>
    sql`UPDATE ${host.batch} SET committed = ${counts.committed},
  superseded = ${counts.superseded}, rejected = ${counts.rejected},
  left_out = ${leftOutText(first, rejects)}${ofRows}
WHERE ${own}`;
  const statements = host.words.returning === false
    ? [
      host.statement`${update}`,
      host.statement`SELECT ${look} FROM ${host.batch} WHERE ${own} AND ${alone}`,
    ]
    : [host.statement`${update} AND ${alone}
RETURNING ${look}`];
  return statements.map((statement) => ({ ...statement, repeats: true }));
}

/** Where rows start, counted from their batch's first byte: `0,17,230`. */
function leftOutText(first: number, rejects: readonly RejectedRow[]): string | undefined {
  if (rejects.length === 0) return undefined;
  return rejects.map(({ byteOffset }) => byteOffset! - first).join(",");
}

const FIELDS = new Verbatim(
  "sequence, part, byte_first, byte_end, content_hash, left_out, run_id, rows_read, committed, " +
    "superseded, rejected",
);

/** Numbers the first rows of batches that were written before these were known. */
export async function numberRows(host: HostTables, { id }: LoadRecord): Promise<void> {
  await host.run`
UPDATE ${host.batch} SET ordinal_first = n.ordinal FROM (
  SELECT part, byte_first, sum(rows_read) OVER (ORDER BY sequence, part, byte_first) - rows_read AS ordinal
  FROM ${host.batch} WHERE load_id = ${id}) AS n
WHERE load_id = ${id} AND ${host.batch}.part = n.part AND ${host.batch}.byte_first = n.byte_first
  AND ordinal_first = ${NO_ORDINAL}`;
}

/** Batches that are in, by their numbers. */
export async function findBatches(host: HostTables, { id }: LoadRecord): Promise<LedgerBatch[]> {
  const rows = await host.all`
SELECT ${FIELDS} FROM ${host.batch} WHERE load_id = ${id} ORDER BY sequence, part, byte_first`;
  return rows.map(foundBatch);
}

/** The batch that begins there; undefined where it is not in. */
export async function findBatch(
  host: HostTables,
  { id }: LoadRecord,
  { part, byteOffset }: BatchKey,
): Promise<LedgerBatch | undefined> {
  const [row] = await host.all`
SELECT ${FIELDS} FROM ${host.batch}
WHERE load_id = ${id} AND part = ${part} AND byte_first = ${byteOffset}`;
  return row && foundBatch(row);
}

/** The marks of the batch that begins there; undefined where it is not in. */
export async function findMarks(
  host: HostTables,
  { id }: LoadRecord,
  { part, byteOffset }: BatchKey,
): Promise<Uint8Array | undefined> {
  const marks = new Verbatim(host.words.hex("row_marks"));
  const [row] = await host.all`
SELECT ${marks} FROM ${host.batch}
WHERE load_id = ${id} AND part = ${part} AND byte_first = ${byteOffset}`;
  return row && Uint8Array.fromHex(String(row[0]));
}

function foundBatch(row: readonly Cell[]): LedgerBatch {
  const [sequence, part, first, byteEnd, contentHash, leftOut, run, ...counts] = row;
  const byteOffset = Number(first);
  return {
    sequence: Number(sequence),
    part: String(part),
    byteOffset,
    byteEnd: Number(byteEnd),
    contentHash: String(contentHash),
    counts: rowCounts(counts),
    ...(run === null ? {} : { run: String(run) }),
    ...(leftOut === null
      ? {}
      : { leftOut: String(leftOut).split(",").map((at) => byteOffset + Number(at)) }),
  };
}

const SUMS = new Verbatim(
  ["rows_read", "committed", "superseded", "rejected"]
    .map((name) => `coalesce(sum(${name}), 0)`).join(", "),
);

/** The sums of a load's ledger, or of what one run of it has written. */
export async function ledgerTotals(
  host: HostTables,
  { id }: LoadRecord,
  run?: string,
): Promise<RowCounts> {
  const ofRun: Clause = (sql) => run === undefined ? "" : sql`AND run_id = ${run}`;
  const [row] = await host.all`
SELECT ${SUMS} FROM ${host.batch} WHERE load_id = ${id} ${ofRun}`;
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
