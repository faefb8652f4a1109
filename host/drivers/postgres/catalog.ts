/** Reads the live table from the system catalogue. */
import type { LiveColumn, LiveTable, NarrowColumn } from "../../../src/model/backend.ts";
import { tableLabel, type TableName } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { withInferredTypes } from "../inferred_types.ts";
import type { PlacedTable } from "../sql/family.ts";
import { qualified } from "../sql/words.ts";
import { logicalType, POSTGRES_WORDS } from "./names_and_types.ts";
import { loadsInto } from "./loads_into.ts";
import type { Session } from "./session.ts";

/** Whatever has the name of a table; $1 is the schema, or NULL for the search path. */
const FIND = `
SELECT c.oid, n.nspname, c.relkind
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE CASE WHEN $1::text IS NULL
    THEN c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident($2::text))
    ELSE n.nspname = $1::text AND c.relname = $2::text END`;

/** Names that every table has already: "System Columns" in the manual. */
export const SYSTEM_COLUMNS: readonly string[] = [
  "tableoid",
  "xmin",
  "cmin",
  "xmax",
  "cmax",
  "ctid",
];

/** Schemas of the server's own tables. */
const OWN_SCHEMAS: readonly string[] = ["pg_catalog", "information_schema"];

/** What has the name of a table and takes no rows, or none together with the ledger, by its relkind. */
const NO_TABLE: Readonly<Record<string, string>> = {
  v: "a view: name the table that its rows are in",
  m: "a materialized view, whose rows come by REFRESH alone: name a table",
  f: "a foreign table, whose rows are committed by another server and not together with the ledger: " +
    "load into the table on that server",
  S: "a sequence: name a table",
  i: "an index: name a table",
  I: "an index: name a table",
  c: "a type: name a table",
  t: "a table of the server's own: name another",
};

/**
 * A domain's default and NOT NULL count like the column's own; its type is the base type's. Then comes
 * whether texts are the same only if their bytes are, to every index; what an array's elements are; and
 * what the type changes without a word, with its name.
 */
const COLUMNS = `
WITH RECURSIVE chain AS (
  SELECT a.attnum, t.oid, t.typtype, t.typbasetype, t.typname, t.typnamespace, t.typcategory,
    t.typelem, t.typnotnull AS strict, t.typdefault IS NOT NULL AS filled,
    a.atttypmod AS modifier, t.typtypmod AS inner_modifier
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT c.attnum, t.oid, t.typtype, t.typbasetype, t.typname, t.typnamespace, t.typcategory,
    t.typelem, c.strict OR t.typnotnull, c.filled OR t.typdefault IS NOT NULL,
    c.inner_modifier, t.typtypmod
  FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.typbasetype WHERE c.typtype = 'd'
)
SELECT a.attname,
  CASE WHEN c.typtype = 'b' AND n.nspname = 'pg_catalog' THEN c.typname ELSE '' END,
  NOT (a.attnotnull OR c.strict),
  (a.atthasdef AND a.attgenerated = '') OR a.attidentity <> '' OR c.filled,
  a.attgenerated <> '',
  c.typtype = 'b' AND n.nspname = 'pg_catalog' AND c.typname IN ('text', 'varchar')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_collation co
      WHERE co.oid = a.attcollation AND NOT co.collisdeterministic)
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnkeyatts - 1) AS at
      JOIN pg_catalog.pg_collation co ON co.oid = i.indcollation[at]
      WHERE i.indrelid = $1::oid AND i.indkey[at] = a.attnum AND NOT co.collisdeterministic),
  CASE WHEN c.typcategory <> 'A' OR c.typelem = 0 OR c.typname IN ('int2vector', 'oidvector') THEN ''
    WHEN e.typname IN ('json', 'jsonb') THEN 'json' ELSE 'text' END,
  CASE WHEN n.nspname <> 'pg_catalog' THEN NULL ELSE CASE pg_catalog.ltrim(c.typname, '_')
    WHEN 'float4' THEN 'digits' WHEN 'name' THEN 'text' WHEN 'char' THEN 'text'
    ELSE CASE WHEN c.modifier >= 0 THEN CASE pg_catalog.ltrim(c.typname, '_')
      WHEN 'numeric' THEN 'digits' WHEN 'varchar' THEN 'blanks' WHEN 'bpchar' THEN 'blanks'
      WHEN 'interval' THEN 'fraction'
      ELSE CASE WHEN c.modifier < 6 AND c.typname ~ '^_?time' THEN 'fraction' END END END END END,
  pg_catalog.format_type(c.oid, c.modifier)
FROM chain c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::oid AND a.attnum = c.attnum
  JOIN pg_catalog.pg_namespace n ON n.oid = c.typnamespace
  LEFT JOIN pg_catalog.pg_type e ON e.oid = c.typelem
WHERE c.typtype <> 'd'
ORDER BY a.attnum`;

/**
 * Unique indexes that ON CONFLICT can name: whole, of plain columns, and checked at once. One row
 * for each column of each key.
 */
const KEYS = `
SELECT i.indexrelid, a.attname
FROM pg_catalog.pg_index i
  CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnkeyatts - 1) AS at
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[at]
WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indimmediate
  AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY i.indisprimary DESC, i.indexrelid, at`;

/**
 * The table as it stands; undefined where there is none.
 *
 * @throws {LoadError} `name_refused` where the name is that of something else
 */
export async function describeTable(
  session: Session,
  table: TableName,
): Promise<LiveTable | undefined> {
  const found = await find(session, table);
  if (found === undefined) return undefined;
  const columns = await session.all(COLUMNS, [found.oid]);
  const keys = await session.all(KEYS, [found.oid]);
  const byIndex = Map.groupBy(keys, ([index]) => index);
  const live = columns.map((row): LiveColumn => {
    const [name, type, nullable, hasDefault, generated, bytewise, elements, what, declared] = row;
    return {
      name: name!,
      type: logicalType(type!),
      nullable: nullable === "t",
      hasDefault: hasDefault === "t",
      generated: generated === "t",
      ...(bytewise === "t" ? { bytewise: true } : {}),
      ...(elements === "json" || elements === "text" ? { elements } : {}),
      ...(what ? { narrow: { declared, what } as NarrowColumn } : {}),
    };
  });
  return {
    columns: withInferredTypes(live, await loadsInto(session, { ...found, name: table.name })),
    uniqueKeys: [...byIndex.values()].map((rows) => rows.map(([, name]) => name!)),
    reserved: SYSTEM_COLUMNS,
  };
}

/**
 * The schema that a table is in, or would be created in.
 *
 * @throws {LoadError} `config_invalid` where the search path names no schema that exists.
 */
export async function schemaOf(session: Session, table: TableName): Promise<string> {
  if (table.schema !== undefined) return table.schema;
  const found = await find(session, table);
  if (found) return found.schema;
  const [row] = await session.all("SELECT pg_catalog.current_schema()");
  if (row?.[0]) return row[0];
  throw new LoadError(
    `No schema to create table ${table.name} in: the search path of this role names none that ` +
      "exists; name the schema, as in public.nodes",
    { code: "config_invalid", blame: "config" },
  );
}

async function find(
  session: Session,
  table: TableName,
): Promise<{ oid: string; schema: string } | undefined> {
  const [row] = await session.all(FIND, [table.schema ?? null, table.name]);
  if (!row) return undefined;
  const other = OWN_SCHEMAS.includes(row[1]!) ? NO_TABLE.t : NO_TABLE[row[2]!];
  if (other !== undefined) {
    throw new LoadError(`${tableLabel(table)} is ${other}`, {
      code: "name_refused",
      blame: "config",
    });
  }
  return { oid: row[0]!, schema: row[1]! };
}

/** Columns of the table that a constraint, or a unique index, of that name is about; in its order. */
export async function constraintColumns(
  session: Session,
  { place, table, constraint }: PlacedTable & { readonly constraint: string },
): Promise<readonly string[]> {
  const rows = await session.all(
    `SELECT a.attname FROM pg_catalog.pg_class t
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
  SELECT c.conkey AS keys FROM pg_catalog.pg_constraint c
  WHERE c.conrelid = t.oid AND c.conname = $3
  UNION ALL
  SELECT i.indkey::int2[] FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  WHERE i.indrelid = t.oid AND x.relname = $3 LIMIT 1
) AS found
CROSS JOIN LATERAL unnest(found.keys) WITH ORDINALITY AS k (attnum, place)
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
WHERE n.nspname = $1 AND t.relname = $2 ORDER BY k.place`,
    [place.schema!, table.name, constraint],
  );
  return rows.map(([name]) => name!);
}

/** Whether this role is shown every row of a table: it may read it, and no policy hides any. */
export function seesRows(session: Session, target: PlacedTable): Promise<boolean> {
  const shown = "pg_catalog.has_table_privilege(oid, 'SELECT') " +
    "AND NOT pg_catalog.row_security_active(oid)";
  return isSo(session, target, shown);
}

/** Whether a table's file is empty, which it is once the table was made again or truncated. */
export function seemsEmpty(session: Session, target: PlacedTable): Promise<boolean> {
  return isSo(session, target, "relkind = 'r' AND pg_catalog.pg_relation_size(oid) = 0");
}

/** Whether a condition holds of the table's row in the catalogue. */
async function isSo(
  session: Session,
  { place, table }: PlacedTable,
  condition: string,
): Promise<boolean> {
  const [row] = await session.all(
    `SELECT ${condition} FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)`,
    [qualified(POSTGRES_WORDS, place.schema, table.name)],
  );
  return row?.[0] === "t";
}
