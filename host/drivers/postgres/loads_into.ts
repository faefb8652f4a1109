/**
 * Which loads were into a table, by the host's own tables: of a table that was renamed or moved to another
 * schema since, but not of an earlier one that had its name.
 */
import { LOAD_TABLE, LOADS_MAX } from "../inferred_types.ts";
import { qualified } from "../sql/words.ts";
import { POSTGRES_WORDS } from "./names_and_types.ts";
import type { Session } from "./session.ts";

/** A table that is there. */
export interface FoundTable {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
}

/** Tables of loads of other schemas that are looked at. */
const OTHERS_MAX = 20;

/** Tables of loads that may be read, that of the schema $1 first. */
const LEDGERS = `SELECT n.nspname, l.oid::text, n.nspname = $1::text
FROM pg_catalog.pg_class l JOIN pg_catalog.pg_namespace n ON n.oid = l.relnamespace
WHERE l.relname = '${LOAD_TABLE}' AND l.relkind = 'r'
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND pg_catalog.has_table_privilege(l.oid, 'SELECT')
  AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = l.oid AND a.attname = 'table_state' AND NOT a.attisdropped)
ORDER BY 3 DESC LIMIT ${OTHERS_MAX + 1}`;

/** The columns of the latest loads into a table, as JSON; none where nobody may read of them. */
export async function loadsInto(session: Session, table: FoundTable): Promise<string[]> {
  const ledgers = await session.all(LEDGERS, [table.schema]);
  const own = ledgers.find(([, , isOwn]) => isOwn === "t");
  if (own) {
    const loads = qualified(POSTGRES_WORDS, table.schema, LOAD_TABLE);
    const found = await session.all(
      `SELECT columns::text FROM ${loads} WHERE ${isInto(loads)}
ORDER BY started_at DESC LIMIT ${LOADS_MAX}`,
      [table.name, table.oid, own[1]!],
    );
    if (found.length > 0) return found.map(([columns]) => columns!);
  }
  const others = ledgers.filter((ledger) => ledger !== own);
  if (others.length === 0) return [];
  const all = others.map(([schema]) =>
    `SELECT columns::text, started_at FROM ${qualified(POSTGRES_WORDS, schema!, LOAD_TABLE)} ` +
    "WHERE pg_catalog.split_part(table_state, ':', 1) = $1::text"
  );
  const rows = await session.all(
    `${all.join(" UNION ALL ")} ORDER BY started_at DESC LIMIT ${LOADS_MAX}`,
    [table.oid],
  );
  return rows.map(([columns]) => columns!);
}

/**
 * Whether a load was into the table of name $1 and oid $2, by a table of loads of oid $3. A state begins
 * with the table's oid. By its name alone a load is known that has no state, whose state comes from a dump
 * (see `table_state.ts`), or whose rows a replace of this very table has removed.
 */
function isInto(loads: string): string {
  const oid = (state: string) => `pg_catalog.split_part(${state}, ':', 1)`;
  return `(${oid("table_state")} = $2::text OR table_name = $1::text AND (table_state IS NULL
  OR pg_catalog.split_part(table_state, '@', 2) NOT IN ('', $3::text)
  OR table_state !~ '^[0-9]+:' AND EXISTS (SELECT FROM ${loads} r
    WHERE r.mode = 'replace' AND ${oid("r.table_state")} = $2::text)))`;
}
