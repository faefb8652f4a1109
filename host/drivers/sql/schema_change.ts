/** Changes of the schema within a transaction, also where they would commit what is open. */
import type { HostTables } from "./host_tables.ts";

/**
 * Runs DDL. Where that commits, what is open is committed first, and another transaction is open
 * afterwards: what a load has done till then is to be of use, or of no harm, by itself.
 */
export async function changeSchema(
  { session, words: { ddlCommits } }: HostTables,
  statements: readonly string[],
): Promise<void> {
  if (statements.length === 0) return;
  if (ddlCommits) await session.commit();
  for (const sql of statements) await session.run(sql);
  if (ddlCommits) await session.begin();
}
