/**
 * The state of a table. DuckDB counts its tables again each time that a file is opened, and its DELETE is
 * its TRUNCATE. So a table that a load has made gets a comment with a mark, which goes where the table
 * goes; within one process a table is known by its number, and else by how many rows it has, which
 * DuckDB knows without reading them.
 */
import type { Cell } from "../../codec/codec.ts";
import type { PlacedTable } from "../sql/family.ts";
import type { TableState, TableWatch } from "../sql/table_watch.ts";
import type { DuckSession } from "./session.ts";

/** SQL for the mark in a table's comment; empty where there is none. */
export const MARK =
  "coalesce(regexp_extract(comment, '^Made by snakepipe, ([0-9a-f-]{36})$', 1), '')";

/** Marks a table. */
export function markStatement(quoted: string): string {
  return `COMMENT ON TABLE ${quoted} IS 'Made by snakepipe, ${crypto.randomUUID()}'`;
}

/** Watches a table. */
export function tableWatch({ engine }: DuckSession, { place }: PlacedTable): TableWatch {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const partsOf = ({ text }: TableState) => text.split(":");
  return {
    looksBefore: true,
    sql: () =>
      `(SELECT max(${MARK} || ':${engine}:' || table_oid) FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = ${text(place.schema!)}
  AND table_name = ${text(place.tableName)})`,
    read: (value: Cell) => ({ text: String(value) }),
    compare(before, now) {
      const [[mark, of, was], [its, by, is]] = [partsOf(before), partsOf(now)];
      return mark !== its || (of === by && was !== is) ? "made_anew" : "unsure";
    },
    needsCount: () => true,
    tellsMore: (before, now) => before.text !== now.text,
  };
}
