/** What in a database stands against a load into a table that is there: told before the first row. */
import { tableLabel } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { TargetLoad } from "../sql/family.ts";
import { qualified } from "../sql/words.ts";
import { DUCKDB_WORDS } from "./names_and_types.ts";
import type { DuckSession } from "./session.ts";

/**
 * Refuses a load that DuckDB could not bring to its end, or whose rows would be other ones there.
 *
 * @throws {LoadError} `table_refused`, with the table, what stands against the load, and the way out
 */
export async function checkTarget(
  session: DuckSession,
  { shape, place, there }: TargetLoad,
): Promise<readonly string[]> {
  if (!there) return [];
  const { table, mode } = shape;
  const schema = place.schema!;
  const refused = (why: string): LoadError =>
    new LoadError(`Table ${tableLabel(table)} ${why}`, { code: "table_refused", blame: "config" });
  const [[sql] = []] = await session.all(
    "SELECT sql FROM duckdb_tables() WHERE database_name = current_database() " +
      "AND schema_name = ? AND table_name = ?",
    [schema, place.tableName],
  );
  if (mode === "upsert" && /\bCOLLATE\b/i.test(String(sql))) {
    throw refused(
      "has a column with COLLATE: to DuckDB's keys its texts differ where its comparisons take them " +
        "for the same. Load with --mode append, or into a table without COLLATE",
    );
  }
  if (mode === "replace") await checkReferrers(session, { schema, name: place.tableName }, refused);
  return [];
}

/** DuckDB deletes no row that is referred to, also where it is there again in the same transaction. */
async function checkReferrers(
  session: DuckSession,
  { schema, name }: { readonly schema: string; readonly name: string },
  refused: (why: string) => LoadError,
): Promise<void> {
  const referrers = await session.all(
    `SELECT table_name, array_to_string(constraint_column_names, ', ') FROM duckdb_constraints()
WHERE database_name = current_database() AND schema_name = ? AND constraint_type = 'FOREIGN KEY'
  AND lower(referenced_table) = lower(?) ORDER BY table_name`,
    [schema, name],
  );
  for (const [referrer, columns] of referrers) {
    if (DUCKDB_WORDS.foldCase(String(referrer)) === DUCKDB_WORDS.foldCase(name)) {
      throw refused(
        `cannot be replaced: it refers to itself (${columns}), and in the one statement that moves its ` +
          "rows DuckDB finds none that another one refers to. Load with --mode upsert, or drop the " +
          "foreign key",
      );
    }
    const table = qualified(DUCKDB_WORDS, schema, String(referrer));
    if ((await session.all(`SELECT 1 FROM ${table} LIMIT 1`)).length === 0) continue;
    throw refused(
      `cannot be replaced: rows of table ${referrer} refer to it (${columns}), and DuckDB deletes no row ` +
        "that is referred to. Load with --mode upsert, or drop the foreign key",
    );
  }
}
