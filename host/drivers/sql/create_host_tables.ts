/** Creates the host's own tables. */
import { LoadError } from "../../../src/model/errors.ts";
import type { LoadOrder } from "../driver.ts";
import type { HostTables, Verbatim } from "./host_tables.ts";
import { batchDdl } from "./ledger.ts";
import { loadDdl } from "./load_row.ts";
import { rejectDdl } from "./reject_table.ts";
import { changeSchema } from "./schema_change.ts";
import { indexDdl, keepsIndexes } from "./secondary_indexes.ts";

/** A table of the host's own. */
interface OwnTable {
  readonly table: Verbatim;
  readonly ddl: string;
  /** A column by which it is told from one of an earlier version, or a stranger's. */
  readonly column: string;
}

/**
 * Creates those that are missing, within a transaction. Two loads that begin at once would both create
 * them, and one would fail: a lock, of the family's or of its words, lets one through at a time. It
 * covers the plan's own DDL as well, and the choice of a generation.
 *
 * Returns whether there is the one for indexes, which is made where it is wanted.
 *
 * @throws {LoadError} `table_refused` where another table has the name of one
 */
export async function createHostTables(host: HostTables, order: LoadOrder): Promise<boolean> {
  if (host.words.lock !== undefined) await host.session.run(host.words.lock);
  const tables: OwnTable[] = [
    { table: host.load, ddl: loadDdl(host), column: "table_state" },
    { table: host.batch, ddl: batchDdl(host), column: "run_id" },
    { table: host.reject, ddl: rejectDdl(host), column: "byte" },
  ];
  for (const { table, ddl, column } of order.rejectTable ? tables : tables.slice(0, 2)) {
    const columns = await columnsOf(host, table);
    if (columns.length === 0) await changeSchema(host, [ddl]);
    else if (!columns.includes(column)) throw notOurs(table);
    else if (table === host.reject) await tryRejects(host);
  }
  const columns = await columnsOf(host, host.index);
  if (columns.length > 0 && !columns.includes("statements")) throw notOurs(host.index);
  if (columns.length > 0) return true;
  if (keepsIndexes(order)) await changeSchema(host, [indexDdl(host)]);
  return keepsIndexes(order);
}

/** Names of the columns of one of them; none where it is not there. */
export async function columnsOf(
  { session, words: { columnsOf } }: HostTables,
  { text }: Verbatim,
): Promise<readonly string[]> {
  const rows = typeof columnsOf === "string"
    ? await session.all(columnsOf, [text])
    : await session.all(columnsOf(text));
  return rows.map(([name]) => String(name));
}

function notOurs({ text }: Verbatim): LoadError {
  return new LoadError(
    `Table ${text} lacks columns of the ledger: it is of an earlier version, or somebody else's. ` +
      "Rename it, and the other tables whose names begin with _snakepipe_, so that they are made " +
      "again; what was loaded stays, and a source of which all or a part is in is not to be loaded " +
      "again into the same table but by upsert or replace",
    { code: "table_refused", blame: "database" },
  );
}

/** Another role may have made the table: whether this one may write to it is told before the first row. */
async function tryRejects({ session, load, reject }: HostTables): Promise<void> {
  // Strict databases want every column that has no default, also where no row comes.
  await session.run(
    `INSERT INTO ${reject.text} (load_id, ordinal, sequence, part, byte, line, code, message,
  rejected_at) SELECT id, 0, 0, '', 0, 0, '', '', started_at FROM ${load.text} WHERE 1 = 0`,
  );
}
