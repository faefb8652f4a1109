/**
 * The host's own table with a row for each load. Which load goes on, and which begins anew, is
 * decided in a transaction that holds the write lock.
 */
import { tableLabel } from "../../../src/batch.ts";
import type { EarlierLoad, LoadOrder, LoadRecord } from "../driver.ts";
import { asideTable } from "./dialect.ts";
import type { Session } from "./session.ts";

/** Creates the table of loads. */
export const LOAD_DDL = `CREATE TABLE IF NOT EXISTS "_snakepipe_load" (
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
  ) STRICT`;

/** The last load of this source into this table. @throws {SessionError} */
export async function lastLoad(
  session: Session,
  order: LoadOrder,
): Promise<EarlierLoad | undefined> {
  const [row] = await session.all(
    `SELECT "id", "generation", "mode", "state", "batch_rows_max", "batch_bytes_max"
     FROM "_snakepipe_load" WHERE "table_name" = ? AND "source" = ?
     ORDER BY "generation" DESC LIMIT 1`,
    [tableLabel(order.shape.table), order.source],
  );
  if (!row) return undefined;
  const [id, generation, mode, state, rowsMax, bytesMax] = row;
  return {
    record: { id: String(id), generation: Number(generation) },
    mode: String(mode),
    complete: state === "complete",
    batchRowsMax: Number(rowsMax),
    batchBytesMax: Number(bytesMax),
  };
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

/** Marks a load that had stopped as running again. @throws {SessionError} */
export async function reopenLoad(session: Session, id: string): Promise<void> {
  await session.run(
    `UPDATE "_snakepipe_load" SET "state" = 'running', "finished_at" = NULL
     WHERE "id" = ? AND "state" = 'failed'`,
    [id],
  );
}

/**
 * Ends replaces of this source that never came to their end, and removes what they left aside.
 *
 * @throws {SessionError}
 */
export async function dropLeftovers(session: Session, order: LoadOrder): Promise<void> {
  const { table } = order.shape;
  const which =
    `"table_name" = ? AND "source" = ? AND "mode" = 'replace' AND "state" <> 'complete'`;
  const args = [tableLabel(table), order.source];
  const rows = await session.all(`SELECT "id" FROM "_snakepipe_load" WHERE ${which}`, args);
  for (const [id] of rows) {
    await session.run(`DROP TABLE IF EXISTS ${asideTable(table, String(id))}`);
  }
  await session.run(
    `UPDATE "_snakepipe_load" SET "state" = 'failed', "finished_at" = ? WHERE ${which}`,
    [new Date().toISOString(), ...args],
  );
}

/** Whether a load has come to its end. @throws {SessionError} */
export async function isComplete(session: Session, record: LoadRecord): Promise<boolean> {
  const [row] = await session.all(
    `SELECT "state" FROM "_snakepipe_load" WHERE "id" = ?`,
    [record.id],
  );
  return row?.[0] === "complete";
}

/** Ends a load; returns whether there was one to end. @throws {SessionError} */
export async function endLoad(
  session: Session,
  record: LoadRecord,
  end: {
    readonly state: "complete" | "failed";
    readonly committed: number;
    /** Whether only a load that runs is ended. */
    readonly running: boolean;
  },
): Promise<boolean> {
  const changed = await session.run(
    `UPDATE "_snakepipe_load" SET "state" = ?, "rows_committed" = ?, "finished_at" = ?
     WHERE "id" = ? ${end.running ? `AND "state" = 'running'` : ""}`,
    [end.state, BigInt(end.committed), new Date().toISOString(), record.id],
  );
  return changed === 1;
}
