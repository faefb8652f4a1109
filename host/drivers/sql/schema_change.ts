/** Changes of the schema within a transaction, also where they would commit what is open. */
import type { SqlSession } from "./session.ts";
import type { SqlWords } from "./words.ts";

/**
 * Runs DDL. Where that commits, what is open is committed first, and another transaction is open
 * afterwards: what a load has done till then is to be of use, or of no harm, by itself.
 */
export async function changeSchema(
  session: SqlSession,
  { ddlCommits }: Pick<SqlWords, "ddlCommits">,
  statements: readonly string[],
): Promise<void> {
  if (statements.length === 0) return;
  if (ddlCommits) await session.commit();
  for (const sql of statements) await session.run(sql);
  if (ddlCommits) await session.begin();
}
