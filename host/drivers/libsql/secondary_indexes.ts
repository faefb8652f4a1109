/** Indexes that a load may drop and make again: those that decide nothing, and can be made as they were. */
import type { PlacedTable, TableIndexes } from "../sql/family.ts";
import { qualified } from "../sql/words.ts";
import { LIBSQL_WORDS } from "./names_and_types.ts";
import type { Session } from "./session.ts";

/** Name, definition and whether it is unique, of the indexes that CREATE INDEX has made. */
const INDEXES = `
SELECT s.name, s.sql, l."unique" FROM pragma_index_list(?, 'main') l
JOIN main.sqlite_schema s ON s.type = 'index' AND s.name = l.name
WHERE s.sql IS NOT NULL ORDER BY s.name`;

/** Whether ANALYZE has left anything, and for which indexes: DROP INDEX would remove it. */
const ANALYZED = "SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'";
const STATISTICS = "SELECT idx FROM main.sqlite_stat1 WHERE tbl = ? COLLATE NOCASE";

/** Reads them. @throws {SessionError} */
export async function readIndexes(
  session: Session,
  { place, table }: PlacedTable,
): Promise<TableIndexes> {
  const analyzed = (await session.all(ANALYZED)).length > 0
    ? await session.all(STATISTICS, [table.name])
    : [];
  const rows = await session.all(INDEXES, [table.name]);
  const indexes = rows.map(([name, sql, unique]) => {
    const stays = Number(unique) === 1
      ? "it decides which rows are accepted"
      : /libsql_vector_idx/i.test(String(sql))
      ? "it is one of vectors"
      : analyzed.some(([index]) => index === name)
      ? "it has statistics of its own"
      : undefined;
    return {
      name: String(name),
      ...(stays === undefined ? {} : { stays }),
      drop: `DROP INDEX ${qualified(LIBSQL_WORDS, place.schema, String(name))}`,
      make: [String(sql)],
    };
  });
  // Nothing of a table outlives a VACUUM but its name.
  return { identity: "", indexes };
}
