/**
 * The host's own two tables in the target's schema: a row for each load, and a row for each batch
 * that is in. A batch's row and its rows are one transaction, so the ledger says exactly what is in.
 */
import { type Batch, rowCount } from "../../../src/batch.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { qualified } from "./dialect.ts";
import type { Answer, Session } from "./session.ts";

const LOAD_TABLE = "_snakepipe_load";

/** Name of the table with a row for each batch. */
export const BATCH_TABLE = "_snakepipe_batch";

/** "snakepip" in ASCII: whoever prepares a load in this database waits for the others. */
const PREPARE_LOCK = "8317692675691145584";

function loadDdl(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS ${qualified(schema, LOAD_TABLE)} (
  id uuid PRIMARY KEY,
  table_name text NOT NULL,
  source text NOT NULL,
  generation bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'complete', 'failed')),
  mode text NOT NULL,
  columns jsonb NOT NULL,
  batch_rows_max bigint NOT NULL,
  batch_bytes_max bigint NOT NULL,
  rows_committed bigint,
  plugin_name text NOT NULL,
  plugin_version text NOT NULL,
  plugin_sha256 text NOT NULL,
  plan_hash text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
)`;
}

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
  plan_hash text NOT NULL,
  plugin_sha256 text NOT NULL,
  committed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (load_id, sequence)
)`;
}

/**
 * Creates the host's tables where they are missing, within a transaction. Two loads that begin at
 * once would both create them, and one would fail: the lock, held until the transaction ends, lets
 * one through at a time. It covers the plan's own DDL as well, and the choice of a generation.
 */
export async function createHostTables(session: Session, schema: string): Promise<void> {
  await session.query(`SELECT pg_catalog.pg_advisory_xact_lock(${PREPARE_LOCK})`);
  const ddl: [string, string][] = [[LOAD_TABLE, loadDdl(schema)], [BATCH_TABLE, batchDdl(schema)]];
  for (const [name, statement] of ddl) {
    // IF NOT EXISTS wants the privilege to create even where there is nothing to do.
    const { rows } = await session.query("SELECT pg_catalog.to_regclass($1) IS NULL", {
      parameters: [qualified(schema, name)],
    });
    if (rows[0]?.[0] === "t") await session.query(statement);
  }
}

/** Adds the load row. A generation counts how often this source went into this table. */
export async function insertLoad(
  session: Session,
  schema: string,
  order: LoadOrder,
): Promise<LoadRecord> {
  const id = crypto.randomUUID();
  const { shape, plugin } = order;
  const table = qualified(schema, LOAD_TABLE);
  const { rows } = await session.query(
    `INSERT INTO ${table} (id, table_name, source, generation, state, mode, columns,
  batch_rows_max, batch_bytes_max, plugin_name, plugin_version, plugin_sha256, plan_hash)
VALUES ($1, $2, $3, (SELECT coalesce(max(generation), 0) + 1 FROM ${table}
  WHERE table_name = $2 AND source = $3), 'running', $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING generation`,
    {
      parameters: [
        id,
        shape.table.name,
        storable(order.source),
        shape.mode,
        JSON.stringify(shape.columns),
        String(order.batchRowsMax),
        String(order.batchBytesMax),
        plugin.name,
        plugin.version,
        plugin.sha256,
        order.planHash,
      ],
    },
  );
  return { id, generation: Number(rows[0]![0]) };
}

/** What a batch's ledger row says beyond the batch itself. */
export interface LedgerEntry {
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly contentHash: string;
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
  plugin_sha256) VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, $8, $9, $10, $11)`,
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
        String(batch.byteOffset + batch.bytes.length),
        entry.contentHash,
        entry.order.planHash,
        entry.order.plugin.sha256,
      ],
    },
  );
}

/** Corrects the counts of a batch's ledger row. */
export function updateBatch(
  session: Session,
  schema: string,
  { batch, record, committed, superseded }: {
    readonly batch: Batch;
    readonly record: LoadRecord;
    readonly committed: number;
    readonly superseded: number;
  },
): Promise<Answer> {
  return session.query(
    `UPDATE ${qualified(schema, BATCH_TABLE)} SET committed = $1, superseded = $2
WHERE load_id = $3 AND sequence = $4`,
    {
      prepare: true,
      parameters: [String(committed), String(superseded), record.id, String(batch.sequence)],
    },
  );
}

/** Rows that the ledger says are committed. */
export async function committedRows(
  session: Session,
  schema: string,
  record: LoadRecord,
): Promise<number> {
  const { rows } = await session.query(
    `SELECT coalesce(sum(committed), 0) FROM ${qualified(schema, BATCH_TABLE)} WHERE load_id = $1`,
    { parameters: [record.id] },
  );
  return Number(rows[0]![0]);
}

/** Ends a load that is running; returns whether it was. */
export async function endLoad(
  session: Session,
  schema: string,
  { record, state, committed }: {
    readonly record: LoadRecord;
    readonly state: "complete" | "failed";
    /** Rows; NULL where nobody counted them. */
    readonly committed: number | null;
  },
): Promise<boolean> {
  const { count } = await session.query(
    `UPDATE ${qualified(schema, LOAD_TABLE)} SET state = $1, rows_committed = $2,
  finished_at = now() WHERE id = $3 AND state = 'running'`,
    { parameters: [state, committed === null ? null : String(committed), record.id] },
  );
  return count === 1;
}

/** Text as the database takes it: names of files and sources may be anything. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}
