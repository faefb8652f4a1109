/** Indexes that a load may drop and make again: those that decide nothing, and can be made as they were. */
import { tableLabel } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { PlacedTable, SecondaryIndex, TableIndexes } from "../sql/family.ts";
import { qualified } from "../sql/words.ts";
import { POSTGRES_WORDS } from "./names_and_types.ts";
import type { Session } from "./session.ts";

/**
 * Definitions name what is outside of pg_catalog with its schema only while the search path is empty, and
 * whoever makes the index may have another.
 */
const EMPTY_PATH = "SELECT pg_catalog.current_setting('search_path'), " +
  "pg_catalog.set_config('search_path', '', true)";

/** How the table is, by its name in quotes: its oid, its kind, and whether this role owns it. */
const TABLE = `
SELECT c.oid::text, c.relkind::text, pg_catalog.pg_has_role(c.relowner, 'USAGE')
FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)`;

/** Its indexes: name, why it stays, definition, comment. */
const INDEXES = `
SELECT x.relname,
  CASE
    WHEN i.indisunique OR i.indisexclusion OR EXISTS (
      SELECT 1 FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid)
      THEN 'it decides which rows are accepted'
    WHEN NOT i.indisvalid OR NOT i.indisready OR NOT i.indislive THEN 'it is not valid'
    WHEN i.indisclustered THEN 'CLUSTER goes by it'
    WHEN i.indisreplident THEN 'replication goes by it'
    WHEN x.reltablespace <> 0 THEN 'it has a tablespace of its own'
    WHEN x.relispartition THEN 'it is part of another'
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) THEN 'it has statistics of its own'
    WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
      WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refobjid = i.indexrelid AND d.deptype IN ('n', 'x', 'e'))
      OR EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.objid = i.indexrelid AND d.deptype IN ('x', 'e')) THEN 'something depends on it'
  END,
  pg_catalog.pg_get_indexdef(i.indexrelid),
  pg_catalog.obj_description(i.indexrelid, 'pg_class')
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
WHERE i.indrelid = $1::pg_catalog.oid ORDER BY x.relname`;

/**
 * Reads them, within a transaction.
 *
 * @throws {LoadError} `config_invalid` where this role cannot make indexes of the table
 */
export async function readIndexes(
  session: Session,
  { place, table }: PlacedTable,
): Promise<TableIndexes> {
  const [[path]] = await session.all(EMPTY_PATH) as [string[]];
  const [found] = await session.all(TABLE, [qualified(POSTGRES_WORDS, place.schema, table.name)]);
  const [oid, kind, owned] = found!;
  const rows = await session.all(INDEXES, [oid!]);
  await session.all("SELECT pg_catalog.set_config('search_path', $1, true)", [path!]);
  const why = kind === "p"
    ? "it is partitioned, and they are made of those of its parts"
    : owned !== "t"
    ? "only its owner can drop them and make them again"
    : undefined;
  if (why !== undefined) {
    throw new LoadError(
      `Indexes of ${tableLabel(table)} cannot wait: ${why}; leave out --indexes after`,
      { code: "config_invalid", blame: "config" },
    );
  }
  return { identity: oid!, indexes: rows.map((row) => indexOf(row, place.schema)) };
}

function indexOf(
  [name, stays, definition, comment]: readonly (string | null)[],
  schema: string | undefined,
): SecondaryIndex {
  const quoted = qualified(POSTGRES_WORDS, schema, name!);
  return {
    name: name!,
    ...(stays ? { stays } : {}),
    drop: `DROP INDEX ${quoted}`,
    make: [
      definition!,
      ...(comment === null || comment === undefined
        ? []
        : [`COMMENT ON INDEX ${quoted} IS ${literal(comment)}`]),
    ],
  };
}

/** A text as SQL, whatever standard_conforming_strings says. */
function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
