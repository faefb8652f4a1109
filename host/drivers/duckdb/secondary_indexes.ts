/** Indexes that a load may drop and make again: those that decide nothing, and can be made as they were. */
import type { PlacedTable, TableIndexes } from "../sql/family.ts";
import { qualified } from "../sql/words.ts";
import { DUCKDB_WORDS } from "./names_and_types.ts";
import type { DuckSession } from "./session.ts";

/** Of the indexes that CREATE INDEX has made. */
const INDEXES = `
SELECT index_name, sql, is_unique, comment FROM duckdb_indexes()
WHERE database_name = current_database() AND lower(schema_name) = lower(?)
  AND lower(table_name) = lower(?) AND sql IS NOT NULL ORDER BY index_name`;

/** Reads them. @throws {DuckError} */
export async function readIndexes(
  session: DuckSession,
  { place, table }: PlacedTable,
): Promise<TableIndexes> {
  const rows = await session.all(INDEXES, [place.schema!, table.name]);
  const indexes = rows.map(([name, sql, unique, comment]) => {
    const quoted = qualified(DUCKDB_WORDS, place.schema, String(name));
    return {
      name: String(name),
      ...(unique ? { stays: "it decides which rows are accepted" } : {}),
      drop: `DROP INDEX ${quoted}`,
      make: [
        String(sql).replace(/;\s*$/, ""),
        ...(comment === null
          ? []
          : [`COMMENT ON INDEX ${quoted} IS '${String(comment).replaceAll("'", "''")}'`]),
      ],
    };
  });
  // What DuckDB counts its tables by is another with each opening of the file.
  return { identity: "", indexes };
}
