/** What a load would find and do: what `prepare.ts` decides, without changing anything. */
import type { PreviewedStatement } from "../../../src/model/load_preview.ts";
import type { EarlierLoad, LoadOrder, PreviewedLoad } from "../driver.ts";
import { columnsOf } from "./create_host_tables.ts";
import type { HostTables } from "./host_tables.ts";
import { insertText } from "./insert_text.ts";
import { isEmpty } from "./is_empty.ts";
import { findBatches } from "./ledger.ts";
import { lastLoad } from "./load_row.ts";
import { render } from "./names.ts";
import { narrowNotes } from "./narrow_notes.ts";
import { checkIndexes } from "./secondary_indexes.ts";
import { GONE, keptState, WatchedTable } from "./table_watch.ts";

/** See `Connection.previewLoad`. @throws {LoadError}, the session's error */
export async function preview(host: HostTables, order: LoadOrder): Promise<PreviewedLoad> {
  checkIndexes(host, order);
  const { session, family, place, table } = host;
  const { shape, plan } = order;
  const live = await family.readLiveTable(session, table);
  const there = live !== undefined;
  const notes = [
    ...await family.checkTarget?.(session, { place, table, shape, plan, there }) ?? [],
    ...live ? narrowNotes(live, shape) : [],
  ];
  const earlier = there ? await earlierLoad(host, order) : undefined;
  const batches = earlier ? await findBatches(host, earlier.record) : [];
  return {
    there,
    ...(earlier ? { earlier } : {}),
    batches,
    statements: statementsOf(host, order, there),
    notes,
  };
}

/** The load that would go on. @throws {TableChanged} where it would be refused */
async function earlierLoad(
  host: HostTables,
  order: LoadOrder,
): Promise<EarlierLoad | undefined> {
  const { shape: { mode }, fresh, anyMode, sameTable } = order;
  if (mode === "replace" || fresh) return undefined;
  for (const table of [host.load, host.batch]) {
    if ((await columnsOf(host, table)).length === 0) return undefined;
  }
  const last = await lastLoad(host, order);
  if (!last || (last.mode !== mode && !anyMode)) return undefined;
  const { record } = last;
  const filled = (await findBatches(host, record)).some(({ counts }) => counts.committed > 0);
  if (!filled) return last;
  if (await isEmpty(host) || (record.table === GONE && !sameTable)) return undefined;
  const target = await WatchedTable.of({ host, order, record });
  await target.check({ before: keptState(record.table), now: await target.look() });
  return last;
}

/** The plan's statements as they would be run here, but for values and the name of a shadow table. */
function statementsOf(
  host: HostTables,
  { shape, plan }: LoadOrder,
  there: boolean,
): PreviewedStatement[] {
  const names = host.names(shape, "");
  const phase = (phase: PreviewedStatement["phase"], statements: readonly string[]) =>
    statements.map((sql) => ({ phase, sql: render(sql, names) }));
  return [
    ...phase("create", there ? [] : plan.create),
    ...phase("prepare", plan.prepare),
    ...phase("stage", plan.stage),
    { phase: "write", sql: insertText(host.words, plan.write, names).text(1) },
    ...phase("merge", plan.merge),
    ...phase("finish", plan.finish),
  ];
}
