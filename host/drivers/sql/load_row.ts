/**
 * The host's own table with a row for each load. Which load goes on, and which begins again, is decided
 * in a transaction that lets one through at a time.
 */
import type { LedgerBatch, LoadedAnew } from "../../../src/model/backend.ts";
import { replayName } from "../../../src/load/replay_ledger.ts";
import type { EarlierLoad, LoadOrder, LoadRecord } from "../driver.ts";
import { type HostTables, Verbatim } from "./host_tables.ts";
import { findBatches } from "./ledger.ts";
import { dropAside } from "./names.ts";
import { changeSchema } from "./schema_change.ts";

/** Form of a load's id. A rejects file may hold any text, which PostgreSQL's uuid does not take. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Creates the table. */
export function loadDdl({ load, words: { types, tableOptions = "" } }: HostTables): string {
  return `CREATE TABLE IF NOT EXISTS ${load.text} (
  id ${types.id} NOT NULL PRIMARY KEY,
  table_name ${types.name} NOT NULL,
  source ${types.key} NOT NULL,
  generation ${types.integer} NOT NULL,
  state ${types.text} NOT NULL CHECK (state IN ('running', 'complete', 'failed')),
  mode ${types.text} NOT NULL,
  columns ${types.json} NOT NULL,
  table_state ${types.text},
  batch_rows_max ${types.integer} NOT NULL,
  batch_bytes_max ${types.integer} NOT NULL,
  rows_committed ${types.integer} NOT NULL,
  plugin_name ${types.text} NOT NULL,
  plugin_version ${types.text} NOT NULL,
  plugin_sha256 ${types.text} NOT NULL,
  plan_hash ${types.text} NOT NULL,
  started_at ${types.time} NOT NULL,
  finished_at ${types.time},
  UNIQUE (table_name, source, generation)
) ${tableOptions}`;
}

/** The last load of this source into this table. */
export async function lastLoad(
  host: HostTables,
  { source }: Pick<LoadOrder, "source">,
): Promise<EarlierLoad | undefined> {
  const [row] = await host.all`
SELECT id, generation, mode, state, table_state, batch_rows_max, batch_bytes_max FROM ${host.load}
WHERE table_name = ${host.place.tableName} AND source = ${source}
ORDER BY generation DESC LIMIT 1`;
  if (!row) return undefined;
  const [id, generation, mode, state, table, rowsMax, bytesMax] = row;
  return {
    record: {
      id: String(id),
      generation: Number(generation),
      ...(table === null ? {} : { table: String(table) }),
    },
    mode: String(mode),
    complete: state === "complete",
    batchRowsMax: Number(rowsMax),
    batchBytesMax: Number(bytesMax),
  };
}

/** Adds the row of a load that begins. */
export async function insertLoad(host: HostTables, order: LoadOrder): Promise<LoadRecord> {
  const { shape, plugin, source } = order;
  const { tableName } = host.place;
  const [last] = await host.all`
SELECT coalesce(max(generation), 0) FROM ${host.load}
WHERE table_name = ${tableName} AND source = ${source}`;
  const record = { id: crypto.randomUUID(), generation: Number(last![0]) + 1 };
  await host.run`
INSERT INTO ${host.load} (id, table_name, source, generation, state, mode, columns, batch_rows_max,
  batch_bytes_max, rows_committed, plugin_name, plugin_version, plugin_sha256, plan_hash, started_at)
VALUES (${record.id}, ${tableName}, ${source}, ${record.generation}, 'running', ${shape.mode},
  ${
    JSON.stringify(shape.columns)
  }, ${order.batchRowsMax}, ${order.batchBytesMax}, 0, ${plugin.name},
  ${plugin.version}, ${plugin.sha256}, ${order.planHash}, ${host.now})`;
  return record;
}

/** Notes how a load has left its table, or found it. */
export async function noteTable(
  host: HostTables,
  { id }: LoadRecord,
  state: string,
): Promise<void> {
  await host.run`UPDATE ${host.load} SET table_state = ${state} WHERE id = ${id}`;
}

/**
 * Notes for every other load than this one, where there is one, into the target that the rows are gone which it has committed; where a
 * condition is said, such as that the target is empty, only if it holds at the same moment.
 */
export async function noteRowsGone(
  host: HostTables,
  record: LoadRecord | undefined,
  { gone, where = new Verbatim("") }: { readonly gone: string; readonly where?: Verbatim },
): Promise<void> {
  const other = new Verbatim(record ? `AND id <> '${record.id}'` : "");
  await host.run`
UPDATE ${host.load} SET table_state = ${gone}
WHERE table_name = ${host.place.tableName} ${other} AND EXISTS (
  SELECT 1 FROM ${host.batch} b WHERE b.load_id = ${host.load}.id AND b.committed > 0) ${where}`;
}

/**
 * The last load that began again with the source of this one, whose rows are gone from the target, or
 * never were in it; undefined where there is none. A replace that has not come to its end is none.
 */
export async function loadedAnew(
  host: HostTables,
  id: string,
  gone: string,
): Promise<LoadedAnew | undefined> {
  if (!UUID.test(id)) return undefined;
  const [row] = await host.all`
SELECT n.id, n.generation FROM ${host.load} l JOIN ${host.load} n
  ON n.table_name = l.table_name AND n.source = l.source AND n.generation > l.generation
WHERE l.id = ${id} AND l.table_name = ${host.place.tableName}
  AND (l.table_state = ${gone} OR (l.mode = 'replace' AND l.state <> 'complete') OR NOT EXISTS (
    SELECT 1 FROM ${host.batch} b WHERE b.load_id = l.id AND b.committed > 0))
  AND (n.mode <> 'replace' OR n.state = 'complete')
ORDER BY n.generation DESC LIMIT 1`;
  if (!row) return undefined;
  const again = { id: String(row[0]), generation: Number(row[1]) };
  const replay = await lastLoad(host, { source: replayName(again.id) });
  const isThere = replay && replay.record.table !== gone;
  return {
    batches: await findBatches(host, again),
    replayed: isThere ? await findBatches(host, replay.record) : [],
  };
}

/** How a load has left its table; undefined where that is not known. */
export async function notedTable(
  host: HostTables,
  { id }: LoadRecord,
): Promise<string | undefined> {
  const [row] = await host.all`SELECT table_state FROM ${host.load} WHERE id = ${id}`;
  return typeof row?.[0] === "string" ? row[0] : undefined;
}

/** The batches of a load into the target; undefined where there is no such load. */
export async function batchesOf(
  host: HostTables,
  id: string,
): Promise<readonly LedgerBatch[] | undefined> {
  if (!UUID.test(id)) return undefined;
  const [row] = await host.all`
SELECT generation FROM ${host.load} WHERE id = ${id} AND table_name = ${host.place.tableName}`;
  return row && await findBatches(host, { id, generation: Number(row[0]) });
}

/** Marks a load that had stopped as running again. */
export async function reopenLoad(host: HostTables, { id }: LoadRecord): Promise<void> {
  await host.run`
UPDATE ${host.load} SET state = 'running', finished_at = NULL
WHERE id = ${id} AND state = 'failed'`;
}

/** Marks unfinished replaces of this source as failed, and drops their shadow tables. */
export async function dropLeftovers(
  host: HostTables,
  { source }: LoadOrder,
): Promise<void> {
  const { tableName } = host.place;
  const rows = await host.all`
SELECT id FROM ${host.load} WHERE table_name = ${tableName} AND source = ${source}
  AND mode = 'replace' AND state <> 'complete'`;
  await dropTableOfLastReplace(host);
  for (const [id] of rows) {
    await changeSchema(host, [dropAside(host, String(id))]);
    await host.run`
UPDATE ${host.load} SET state = 'failed', finished_at = ${host.now} WHERE id = ${id!}`;
  }
}

/**
 * Removes what the last replace of a table has left aside, where it is dropped after the COMMIT that
 * ends the load, and a program may die in between.
 */
async function dropTableOfLastReplace(host: HostTables): Promise<void> {
  if (!host.words.ddlCommits) return;
  const [last] = await host.all`
SELECT id FROM ${host.load} WHERE table_name = ${host.place.tableName} AND mode = 'replace'
  AND state = 'complete' ORDER BY finished_at DESC LIMIT 1`;
  if (last) await changeSchema(host, [dropAside(host, String(last[0]))]);
}

/** Whether a load has come to its end; waits for whoever is about to end it. */
export async function isComplete(host: HostTables, { id }: LoadRecord): Promise<boolean> {
  const [row] = await host.all`
SELECT state FROM ${host.load} WHERE id = ${id} ${new Verbatim(host.words.forUpdate ?? "")}`;
  return row?.[0] === "complete";
}

/** Ends a load; returns whether there was one to end. */
export async function endLoad(
  host: HostTables,
  { id }: LoadRecord,
  end: {
    readonly state: "complete" | "failed";
    readonly committed: number;
    /** Whether only a load that runs is ended. */
    readonly running: boolean;
  },
): Promise<boolean> {
  const which = new Verbatim(end.running ? "AND state = 'running'" : "");
  const changed = await host.run`
UPDATE ${host.load} SET state = ${end.state}, rows_committed = ${end.committed},
  finished_at = ${host.now} WHERE id = ${id} ${which}`;
  return changed === 1;
}
