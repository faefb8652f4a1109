/** Indexes of vectors, which libSQL has and SQLite has not. */
import type { Session } from "./session.ts";

/** One row where the database has such an index. */
export const VECTOR_INDEX =
  "SELECT 1 FROM sqlite_schema WHERE sql LIKE '%libsql\\_vector\\_idx%' ESCAPE '\\' LIMIT 1";

/**
 * Makes a plan's statement that empties a table one that takes its rows one by one, where there is
 * an index of vectors: libSQL empties a table at once, and leaves the vectors of its rows in the
 * index. Other statements stay what they are.
 *
 * @throws {SessionError}
 */
export async function emptiedWhole(session: Session, sql: string): Promise<string> {
  if (!/^\s*DELETE\s+FROM\s+\{table\}\s*$/i.test(sql)) return sql;
  const found = await session.all(VECTOR_INDEX);
  return found.length > 0 ? `${sql} WHERE 1` : sql;
}
