/** Creates the host's own tables. */
import type { LoadOrder } from "../driver.ts";
import type { HostTables, Verbatim } from "./host_tables.ts";
import { batchDdl } from "./ledger.ts";
import { loadDdl } from "./load_row.ts";
import { rejectDdl } from "./reject_table.ts";

/**
 * Creates those that are missing, within a transaction. Two loads that begin at once would both create
 * them, and one would fail: the lock lets one through at a time. It covers the plan's own DDL as well,
 * and the choice of a generation.
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
  for (const [{ text }, ddl] of tables) {
    if (!await isThere(host, text)) await host.session.run(ddl);
  }
}

async function isThere({ session, words }: HostTables, name: string): Promise<boolean> {
  if (words.tableIsThere === undefined) return false;
  return (await session.all(words.tableIsThere, [name])).length > 0;
}
