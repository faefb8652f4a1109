/** The end of a load, within a transaction: the plan's `finish`, once all counts agree. */
import type { LoadTotals, RowCounts } from "../../../src/model/backend.ts";
import { tableLabel } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { dropWhile, makeKept } from "./secondary_indexes.ts";
import { isInsert } from "./shape_writer.ts";
import type { HostTables } from "./host_tables.ts";
import { ledgerTotals, numberRows } from "./ledger.ts";
import { endLoad, isComplete, notedTable, noteRowsGone, noteTable } from "./load_row.ts";
import { dropAside, render } from "./names.ts";
import { GONE, keptState, type TableState, WatchedTable } from "./table_watch.ts";

/** What is finished. */
export interface FinishOptions {
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  /** What the host has counted. */
  readonly totals: LoadTotals;
  /** The table after the last batch that was written; as its row has it, where that is not known. */
  readonly known: TableState | undefined;
}

/**
 * Finishes a load. Counts are compared in every mode; those of a replace before the rows are moved,
 * while they are, and afterwards. What was aside is dropped, whatever the plan says; where that would
 * commit, it is for whoever commits.
 *
 * @throws {LoadError} `counts_differ`, `table_changed`, `database_failed` where the load is no longer
 * running
 * @throws what the session throws
 */
export async function finish(
  host: HostTables,
  { order, record, totals, known }: FinishOptions,
): Promise<void> {
  const { session, family, table } = host;
  const { shape, shape: { mode }, plan } = order;
  const names = host.names(shape, record.id);
  const { committed } = totals;
  const replaces = mode === "replace";
  const expect = (what: string, found: number, expected = committed): void => {
    if (found !== expected) throw differs(host, { what, found, expected });
  };
  const count = async (name: string): Promise<number> => {
    const [row] = await session.all(`SELECT count(*) FROM ${name}`);
    return Number(row![0]);
  };

  // An earlier attempt may have ended it, and its answer was lost: what was aside is gone then.
  if (replaces && await isComplete(host, record)) return;
  const ledger = await checkLedger(host, { order, record, totals });
  if (replaces) {
    expect("the new rows are", await count(names.aside));
    const { place } = host;
    await family.beforeReplacing?.(session, host);
    await family.checkTarget?.(session, { place, table, shape, plan, there: true });
  }
  const makes = replaces ? await dropWhile(host, order) : [];
  for (const sql of plan.finish) {
    const statement = await family.finishStatement?.(session, sql) ?? sql;
    const taken = await session.run(render(statement, names));
    if (isInsert(sql)) expect("moved into the table were", taken);
  }
  if (replaces && await family.seesRows?.(session, host) !== false) {
    expect("the table holds", await count(names.table));
  }
  if (replaces && !host.words.ddlCommits) await session.run(dropAside(host, record.id));
  const target = await WatchedTable.of({ host, order, record });
  let now = await target.look();
  if (replaces) await noteRowsGone(host, record, { gone: GONE });
  else {
    const noted = keptState(await notedTable(host, record));
    await target.check({ before: noted?.text === GONE ? noted : known ?? noted, now });
  }
  for (const sql of makes) await session.run(sql);
  if (record.indexes) await makeKept(host);
  // On some databases, making an index changes the state of its table.
  if (makes.length > 0 || record.indexes) now = await target.look();
  await noteTable(host, record, now.text);
  if (family.writesRanges) await numberRows(host, record);
  if (
    !await endLoad(host, record, {
      state: "complete",
      committed: ledger.committed,
      running: replaces,
    })
  ) {
    throw new LoadError(
      `The load into ${tableLabel(table)} is no longer running: its row in _snakepipe_load is ` +
        "missing, or says that it has ended",
      { code: "database_failed", blame: "database" },
    );
  }
}

/**
 * Holds what the host has counted to the ledger: its sums, and those of this run. Returns the ledger's.
 *
 * @throws {LoadError} `counts_differ`
 */
async function checkLedger(
  host: HostTables,
  { order: { run, shape }, record, totals }: Omit<FinishOptions, "known">,
): Promise<RowCounts> {
  const ledger = await ledgerTotals(host, record);
  const ofRun = run === undefined ? undefined : await ledgerTotals(host, record, run);
  // Another program that loads the same source may have met files that this one has not.
  const mayBeMore = ofRun !== undefined && shape.mode !== "replace";
  for (const name of ["read", "committed", "superseded", "rejected"] as const) {
    const found = ledger[name];
    const expected = totals[name];
    if (mayBeMore ? found < expected : found !== expected) {
      throw differs(host, { what: `the ledger's sum of rows ${name} is`, found, expected });
    }
    if (!ofRun) continue;
    const ofThisRun = (totals.ofThisRun ?? totals)[name];
    if (ofRun[name] !== ofThisRun) {
      const what = `rows ${name} by this run are`;
      throw differs(host, { what, found: ofRun[name], expected: ofThisRun });
    }
  }
  return ledger;
}

function differs(
  { table, endpoint }: HostTables,
  { what, found, expected }: {
    readonly what: string;
    readonly found: number;
    readonly expected: number;
  },
): LoadError {
  return new LoadError(
    `Load is not finished, ${what} ${found} and not ${expected}, and nothing of the finish is ` +
      `kept: table ${tableLabel(table)} of ${endpoint}`,
    { code: "counts_differ", blame: "database" },
  );
}
