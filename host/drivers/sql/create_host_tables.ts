/** Creates the host's own tables. */
import type { LoadOrder } from "../driver.ts";
import { columnsOf, renewEarlier } from "./earlier_layout.ts";
import type { HostTables, Verbatim } from "./host_tables.ts";
import { batchDdl } from "./ledger.ts";
import { loadDdl } from "./load_row.ts";
import { rejectDdl } from "./reject_table.ts";
import { changeSchema } from "./schema_change.ts";

/**
 * Creates those that are missing, within a transaction, and renews those of an earlier version. Two
 * loads that begin at once would both create them, and one would fail: a lock, of the family's or of
 * its words, lets one through at a time. It covers the plan's own DDL as well, and the choice of a
 * generation.
 */
export async function createHostTables(
  host: HostTables,
  { rejectTable }: Pick<LoadOrder, "rejectTable">,
): Promise<void> {
  if (host.words.lock !== undefined) await host.session.run(host.words.lock);
  const tables: [Verbatim, string][] = [
    [host.load, loadDdl(host)],
    [host.batch, batchDdl(host)],
    ...(rejectTable ? [[host.reject, rejectDdl(host)] as [Verbatim, string]] : []),
  ];
  for (const [table, ddl] of tables) {
    const columns = await columnsOf(host, table);
    if (columns.length === 0) await changeSchema(host.session, host.words, [ddl]);
    else if (table === host.batch) await renewEarlier(host, columns);
    else if (table === host.reject) await tryRejects(host);
  }
}

/** Another role may have made the table: whether this one may write to it is told before the first row. */
async function tryRejects({ session, load, reject }: HostTables): Promise<void> {
  // Strict databases want every column that has no default, also where no row comes.
  await session.run(
    `INSERT INTO ${reject.text} (load_id, ordinal, sequence, part, byte, line, code, message,
  rejected_at) SELECT id, 0, 0, '', 0, 0, '', '', started_at FROM ${load.text} WHERE 1 = 0`,
  );
}
