/** Reads a table as it stands, from SQLite's table-valued PRAGMAs with bound names. */
import type { LiveColumn, LiveTable } from "../../../src/model/backend.ts";
import type { Column, TableName } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LOAD_TABLE, LOADS_MAX, withInferredTypes } from "../inferred_types.ts";
import { checkTable, columnTypeOf, quote } from "./names_and_types.ts";
import type { Session } from "./session.ts";

const SCHEMA = "main";

/** `hidden` of pragma_table_xinfo, https://sqlite.org/pragma.html#pragma_table_xinfo */
const HIDDEN = { virtualTable: 1n, generated: 2n, generatedStored: 3n } as const;

/**
 * The table, or undefined where there is none of that name.
 *
 * @throws {LoadError} `name_refused` where the name is that of a view: rows go into tables
 * @throws {SessionError} the database's failure
 */
export async function readLiveTable(
  session: Session,
  table: TableName,
): Promise<LiveTable | undefined> {
  checkTable(table);
  const [found] = await session.all(
    "SELECT type, wr FROM pragma_table_list(?) WHERE schema = ?",
    [table.name, SCHEMA],
  );
  if (!found) return undefined;
  const [type, withoutRowid] = found;
  if (type !== "table" && type !== "virtual") {
    throw new LoadError(`${table.name} is a ${type}, which takes no rows: name a table`, {
      code: "name_refused",
      blame: "config",
    });
  }
  const rows = await session.all(
    'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?, ?) ' +
      "WHERE hidden <> ? ORDER BY cid",
    [table.name, SCHEMA, HIDDEN.virtualTable],
  );
  const primary = rows.filter((r) => r[4] !== 0n).sort((a, b) => Number(a[4]) - Number(b[4]));
  const rowid = withoutRowid === 0n && primary.length === 1 &&
    String(primary[0]![1]).toUpperCase() === "INTEGER";
  const { keys: uniqueKeys, collated } = await readUniqueIndexes(session, table);
  const columns = rows.map((row) => {
    const read = column(row, rowid && row === primary[0]);
    return isText(String(row[1])) && !collated.has(read.name) ? { ...read, bytewise: true } : read;
  });
  return {
    columns: await withInferred(session, table.name, columns),
    caseInsensitive: true,
    // A rowid has no index of its own, every other primary key has.
    uniqueKeys: rowid ? [primary.map((r) => String(r[0])), ...uniqueKeys] : uniqueKeys,
  };
}

/**
 * The columns, with those marked whose type is the one that a load inferred for them. What a load makes
 * is declared with its name in quotes, also once it was renamed: a column that is written otherwise is
 * somebody else's, in a table that was made again.
 */
async function withInferred(
  session: Session,
  table: string,
  columns: readonly LiveColumn[],
): Promise<readonly LiveColumn[]> {
  const loads = await loadsInto(session, table, columns);
  if (loads.length === 0) return columns;
  const [row] = await session.all(
    "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE",
    [table],
  );
  const sql = String(row?.[0] ?? "");
  const marked = withInferredTypes(columns, loads);
  return columns.map((column, at) => sql.includes(`${quote(column.name)} `) ? marked[at]! : column);
}

/**
 * The columns of the latest loads into a table, as JSON: by its name, and by its place in the schema, which
 * a table keeps when it is renamed. VACUUM moves it to another place: where no load is known, those count
 * whose table is gone, and whose columns it has.
 */
async function loadsInto(
  session: Session,
  table: string,
  live: readonly LiveColumn[],
): Promise<string[]> {
  const ledger = await session.all(
    "SELECT 1 FROM pragma_table_list(?1) AS l, pragma_table_xinfo(?1, ?2) AS x " +
      "WHERE l.schema = ?2 AND l.type = 'table' AND x.name = 'table_state'",
    [LOAD_TABLE, SCHEMA],
  );
  if (ledger.length === 0) return [];
  const rows = await session.all(
    `SELECT "columns" FROM ${quote(LOAD_TABLE)} WHERE "table_name" = ?1 COLLATE NOCASE
    OR CASE WHEN json_valid("table_state") THEN "table_state" ->> '$.place' END = (
      SELECT rowid || '.' || rootpage FROM main.sqlite_schema
      WHERE type = 'table' AND name = ?1 COLLATE NOCASE)
  ORDER BY "started_at" DESC LIMIT ${LOADS_MAX}`,
    [table],
  );
  if (rows.length > 0) return rows.map(([columns]) => String(columns));
  const orphans = await session.all(
    `SELECT "columns" FROM ${quote(LOAD_TABLE)} WHERE NOT EXISTS (
    SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = "table_name" COLLATE NOCASE)
  ORDER BY "started_at" DESC LIMIT ${LOADS_MAX}`,
  );
  const types = new Map(live.map(({ name, type }) => [name, type]));
  return orphans.map(([columns]) => String(columns)).filter((json) =>
    (JSON.parse(json) as readonly Column[]).every(({ name, type }) => types.get(name) === type)
  );
}

/** The table's name as the catalogue spells it, or as it would be made. @throws {SessionError} */
export async function catalogueName(session: Session, { name }: TableName): Promise<string> {
  const [found] = await session.all(
    "SELECT name FROM pragma_table_list(?) WHERE schema = ?",
    [name, SCHEMA],
  );
  return found ? String(found[0]) : name;
}

function column(row: readonly unknown[], rowidAlias: boolean): LiveColumn {
  const [name, type, notNull, defaultText, , hidden] = row;
  return {
    name: String(name),
    type: columnTypeOf(String(type)),
    nullable: notNull === 0n && !rowidAlias,
    hasDefault: rowidAlias || defaultText !== null,
    generated: hidden === HIDDEN.generated || hidden === HIDDEN.generatedStored,
  };
}

/** Whether a declared type makes texts of texts. https://sqlite.org/datatype3.html#type_affinity */
function isText(declared: string): boolean {
  return /CHAR|CLOB|TEXT/i.test(declared) && !/INT/i.test(declared);
}

/**
 * Unique indexes on columns alone, without a predicate, the primary key's first; and the columns that
 * one of them compares otherwise than byte by byte.
 */
async function readUniqueIndexes(
  session: Session,
  table: TableName,
): Promise<{ readonly keys: string[][]; readonly collated: ReadonlySet<string> }> {
  const rows = await session.all(
    "SELECT l.name AS index_name, i.cid, i.name, i.coll FROM pragma_index_list(?1, ?2) AS l, " +
      'pragma_index_xinfo(l.name, ?2) AS i WHERE l."unique" = 1 AND l.partial = 0 ' +
      "AND i.key = 1 ORDER BY l.origin <> 'pk', l.seq, i.seqno",
    [table.name, SCHEMA],
  );
  const indexes = new Map<string, string[] | undefined>();
  const collated = new Set<string>();
  for (const [index, cid, name, collation] of rows) {
    const key = String(index);
    if (String(collation) !== "BINARY") collated.add(String(name));
    // cid -2 is an expression, -1 the rowid.
    if (Number(cid) < 0) indexes.set(key, undefined);
    else if (!indexes.has(key)) indexes.set(key, [String(name)]);
    else indexes.get(key)?.push(String(name));
  }
  const keys = [...indexes.values()].filter((columns) => columns !== undefined);
  return { keys, collated };
}
