/** The beginning of a load, within a transaction: it goes on with an earlier one, or begins again. */
import type { EarlierLoad, LoadOrder, PreparedLoad } from "../driver.ts";
import { createHostTables } from "./create_host_tables.ts";
import { type HostTables, Verbatim } from "./host_tables.ts";
import { isEmpty } from "./is_empty.ts";
import { findBatches } from "./ledger.ts";
import {
  batchesOf,
  dropLeftovers,
  insertLoad,
  lastLoad,
  loadedAnew,
  noteRowsGone,
  noteTable,
  reopenLoad,
} from "./load_row.ts";
import { render } from "./names.ts";
import { narrowNotes } from "./narrow_notes.ts";
import { changeSchema } from "./schema_change.ts";
import { checkIndexes, dropBefore, forgetIndexes, keptIndexes } from "./secondary_indexes.ts";
import { GONE, keptState, type TableState, WatchedTable } from "./table_watch.ts";

/** Prepares a load: see `Connection.prepareLoad`. @throws {LoadError}, the session's error */
export async function prepare(host: HostTables, order: LoadOrder): Promise<PreparedLoad> {
  checkIndexes(host, order);
  const mayMissIndexes = await createHostTables(host, order);
  const { session, family, place, table } = host;
  const { shape, plan, fresh, replays } = order;
  const live = await family.readLiveTable(session, table);
  const there = live !== undefined;
  const notes = [
    ...await family.checkTarget?.(session, { place, table, shape, plan, there }) ?? [],
    ...live ? narrowNotes(live, shape) : [],
  ];
  const last = there && shape.mode !== "replace" ? await lastLoad(host, order) : undefined;
  const goesOn = last && !fresh && (last.mode === shape.mode || order.anyMode) ? last : undefined;
  if (mayMissIndexes && !there) await forgetIndexes(host);
  const { notes: indexNotes = [], ...prepared } = goesOn && await goOn(host, order, goesOn) ||
    await begin(host, order, { there, again: last !== undefined });
  const indexes = mayMissIndexes ? await keptIndexes(host) : 0;
  const replayed = replays === undefined ? undefined : await batchesOf(host, replays);
  const again = replays === undefined ? undefined : await loadedAnew(host, replays, GONE);
  notes.push(...indexNotes);
  return {
    ...prepared,
    ...(indexes > 0 ? { record: { ...prepared.record, indexes } } : {}),
    ...(again ? { loadedAnew: again } : {}),
    ...(replayed ? { replayed } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** Takes up a load again; undefined where its rows are gone for certain, and it is to begin again. */
async function goOn(
  host: HostTables,
  order: LoadOrder,
  { record, batchRowsMax, batchBytesMax, complete }: EarlierLoad,
): Promise<PreparedLoad | undefined> {
  const batches = await findBatches(host, record);
  const filled = batches.some(({ counts }) => counts.committed > 0);
  // Whoever emptied the table, or made it again, wants it filled.
  if (filled && await isEmpty(host)) return undefined;
  const target = await WatchedTable.of({ host, order, record });
  const now = await target.look();
  if (filled && !order.sameTable) {
    if (record.table === GONE) return undefined;
    await target.check({ before: keptState(record.table), now });
  }
  await reopenLoad(host, record);
  return await noted(host, { record, batchRowsMax, batchBytesMax, batches, complete }, now);
}

async function begin(
  host: HostTables,
  order: LoadOrder,
  { there, again }: {
    readonly there: boolean;
    /** Whether the source was loaded into this table before. */
    readonly again: boolean;
  },
): Promise<PreparedLoad> {
  const { shape, plan, batchRowsMax, batchBytesMax } = order;
  if (shape.mode === "replace") await dropLeftovers(host, order);
  const run = async (statements: readonly string[], id: string) => {
    const names = host.names(shape, id);
    await changeSchema(host, statements.map((sql) => render(sql, names)));
  };
  if (!there) {
    // Where no table is, no row is there that was loaded before.
    await noteRowsGone(host, undefined, { gone: GONE });
    // Before the load is known: else one that stops in between is begun a second time.
    await run(plan.create, "");
  }
  const record = await insertLoad(host, order);
  if (there && again && await isEmpty(host)) {
    // Nor where the table is empty; but another load may have filled it since that look.
    const where = new Verbatim(`AND NOT EXISTS (SELECT 1 FROM ${host.target.text})`);
    await noteRowsGone(host, record, { gone: GONE, where });
  }
  await run(plan.prepare, record.id);
  const notes = there ? await dropBefore(host, order, record) : [];
  if (!there) await host.family.created?.(host.session, host);
  const now = await (await WatchedTable.of({ host, order, record })).look();
  const begun = { record, batchRowsMax, batchBytesMax, batches: [], complete: false, notes };
  return await noted(host, begun, now);
}

/** A load that is ready, once it is written down how its table is now. */
async function noted(
  host: HostTables,
  load: PreparedLoad,
  { text: table }: TableState,
): Promise<PreparedLoad> {
  await noteTable(host, load.record, table);
  return { ...load, record: { ...load.record, table } };
}
