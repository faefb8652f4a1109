/**
 * The host's own table with a row for each load, in the target's schema. Which load goes on, and
 * which begins anew, is decided here, under a lock that lets one through at a time.
 */
import type { EarlierLoad, LoadOrder, LoadRecord } from "../driver.ts";
import { asideName, qualified } from "./dialect.ts";
import type { Session } from "./session.ts";

/** Name of the table with a row for each load. */
export const LOAD_TABLE = "_snakepipe_load";

/** Creates the table of loads. */
export function loadDdl(schema: string): string {
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
  finished_at timestamptz,
  UNIQUE (table_name, source, generation)
)`;
}

/** The last load of this source into this table. */
export async function lastLoad(
  session: Session,
  schema: string,
  order: LoadOrder,
): Promise<EarlierLoad | undefined> {
  const { rows } = await session.query(
    `SELECT id, generation, mode, state, batch_rows_max, batch_bytes_max
FROM ${qualified(schema, LOAD_TABLE)} WHERE table_name = $1 AND source = $2
ORDER BY generation DESC LIMIT 1`,
    { parameters: [order.shape.table.name, storable(order.source)] },
  );
  const [row] = rows;
  if (!row) return undefined;
  const [id, generation, mode, state, rowsMax, bytesMax] = row as string[];
  return {
    record: { id: id!, generation: Number(generation) },
    mode: mode!,
    complete: state === "complete",
    batchRowsMax: Number(rowsMax),
    batchBytesMax: Number(bytesMax),
  };
}

/** Adds the row of a load that begins. */
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

/** Marks a load that had stopped as running again. */
export async function reopenLoad(session: Session, schema: string, id: string): Promise<void> {
  await session.query(
    `UPDATE ${qualified(schema, LOAD_TABLE)} SET state = 'running', finished_at = NULL
WHERE id = $1 AND state = 'failed'`,
    { parameters: [id] },
  );
}

/** Ends replaces of this source that never came to their end, and removes what they left aside. */
export async function dropLeftovers(
  session: Session,
  schema: string,
  order: LoadOrder,
): Promise<void> {
  const table = order.shape.table.name;
  const { rows } = await session.query(
    `UPDATE ${qualified(schema, LOAD_TABLE)} SET state = 'failed', finished_at = now()
WHERE table_name = $1 AND source = $2 AND mode = 'replace' AND state <> 'complete' RETURNING id`,
    { parameters: [table, storable(order.source)] },
  );
  for (const [id] of rows) {
    await session.query(`DROP TABLE IF EXISTS ${qualified(schema, asideName(table, id!))}`);
  }
}

/** Whether a load has come to its end; waits for whoever is about to end it. */
export async function isComplete(
  session: Session,
  schema: string,
  record: LoadRecord,
): Promise<boolean> {
  const { rows: [row] } = await session.query(
    `SELECT state FROM ${qualified(schema, LOAD_TABLE)} WHERE id = $1 FOR UPDATE`,
    { parameters: [record.id] },
  );
  return row?.[0] === "complete";
}

/** Ends a load; returns whether there was one to end, which for a failure means one that runs. */
export async function endLoad(
  session: Session,
  schema: string,
  { record, state, committed, running }: {
    readonly record: LoadRecord;
    readonly state: "complete" | "failed";
    readonly committed: number;
    /** Whether only a load that runs is ended. */
    readonly running: boolean;
  },
): Promise<boolean> {
  const { count } = await session.query(
    `UPDATE ${qualified(schema, LOAD_TABLE)} SET state = $1, rows_committed = $2,
  finished_at = now() WHERE id = $3 ${running ? "AND state = 'running'" : ""}`,
    { parameters: [state, String(committed), record.id] },
  );
  return count === 1;
}

/** Text as the database takes it: names of files and sources may be anything. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}
