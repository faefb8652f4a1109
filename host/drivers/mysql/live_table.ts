/** Reads a table as it stands, from information_schema. */
import type { LiveColumn, LiveTable } from "../../../src/model/backend.ts";
import { type Column, tableLabel, type TableName } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import { LOAD_TABLE, LOADS_MAX, withInferredTypes } from "../inferred_types.ts";
import { SessionError } from "../sql/failures.ts";
import type { PlacedTable } from "../sql/family.ts";
import type { Place } from "../sql/host_tables.ts";
import { columnTypeOf, quote } from "./names_and_types.ts";
import { PLACEHOLDER as P } from "./literal.ts";
import type { MysqlSession } from "./session.ts";
import { identityOf } from "./table_state.ts";

/** A column, and what the catalogue says of it. */
export interface CatalogColumn extends LiveColumn {
  /** As in `int`, and as in `int(11) unsigned`. */
  readonly dataType: string;
  readonly columnType: string;
  /** Of its texts; undefined where it has none. */
  readonly collation: string | undefined;
  /** Digits of a second's fraction that it keeps, where it is a time. */
  readonly fraction: number;
}

/** An index that takes no two equal keys. */
export interface UniqueIndex {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether it holds an expression, or a part of a text alone. */
  readonly partial: boolean;
}

/** What a row of the catalogue has to be of: the parameters are {@linkcode at}. */
export const OF_TABLE = `TABLE_SCHEMA = ${P} AND TABLE_NAME = ${P}`;

/** A table for the parameters of a query. */
export function at({ schema, tableName }: Place): [schema: string, name: string] {
  return [schema!, tableName];
}

/** Where a table is, as the server keeps its name. @throws {LoadError} `config_invalid` */
export async function placeOf(
  session: MysqlSession,
  { schema: named, name }: TableName,
): Promise<Place> {
  const schema = named ?? await session.probe("SELECT database()");
  if (schema === null) {
    throw new LoadError(
      `No database is named: write it into the url, as in mysql://user@host/database, or before the ` +
        `table, as in database.${name}`,
      { code: "config_invalid", blame: "config" },
    );
  }
  const tableName = session.server.foldsTables ? name.toLowerCase() : name;
  return { schema: String(schema), hostSchema: String(schema), tableName };
}

/**
 * The table, or undefined where there is none of that name.
 *
 * @throws {LoadError} `name_refused` where the name is that of a view: rows go into tables
 * @throws {SessionError} the database's failure
 */
export async function readLiveTable(
  session: MysqlSession,
  table: TableName,
): Promise<LiveTable | undefined> {
  const place = await placeOf(session, table);
  const found = await session.all(
    `SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE ${OF_TABLE}`,
    at(place),
  );
  // The catalogue compares without regard to case.
  const [, type] = found.find(([name]) => name === place.tableName) ?? [];
  if (type === undefined) return undefined;
  if (type !== "BASE TABLE" && type !== "SYSTEM VERSIONED") {
    const kind = String(type).toLowerCase();
    throw new LoadError(
      `Name of the table belongs to a ${kind}, name a table: ${tableLabel(table)}`,
      { code: "name_refused", blame: "config" },
    );
  }
  const indexes = await readUniqueIndexes(session, place);
  return {
    columns: await readColumns(session, place),
    caseInsensitive: true,
    uniqueKeys: indexes.filter(({ partial }) => !partial).map(({ columns }) => columns),
  };
}

/** The columns of a table. */
export async function readColumns(
  session: MysqlSession,
  place: Place,
): Promise<readonly CatalogColumn[]> {
  const rows = await session.all(
    `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLLATION_NAME,
  DATETIME_PRECISION
FROM information_schema.COLUMNS WHERE ${OF_TABLE} ORDER BY ORDINAL_POSITION`,
    at(place),
  );
  // MariaDB has no type JSON: it is a LONGTEXT with a CHECK.
  const checked = session.server.isMariaDb
    ? await session.all(
      `SELECT CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = ${P} AND TABLE_NAME = ${P}`,
      at(place),
    )
    : [];
  const clauses = new Set(checked.map(([clause]) => String(clause)));
  const columns = rows.map((row) =>
    columnOf(row.map((v) => v === null ? null : String(v)), clauses)
  );
  const loads = await loadsInto(session, place);
  const known = columns.map((column) => ({ ...column, type: typeAsLoaded(column, loads.any[0]) }));
  const inferred = withInferredTypes(known, loads.same);
  return known.map((column, i) => ({ ...column, ...inferred[i]! }));
}

function columnOf(row: readonly (string | null)[], clauses: ReadonlySet<string>): CatalogColumn {
  const [name, dataType, columnType, nullable, byDefault, extra, collation, fraction] = row;
  const isJson = clauses.has(`json_valid(${quote(name!)})`);
  return {
    name: name!,
    type: isJson ? "json" : columnTypeOf(dataType!, columnType!),
    nullable: nullable === "YES",
    // MariaDB says NULL of a column that has no default.
    hasDefault: (byDefault !== null && byDefault !== "NULL") ||
      /auto_increment|DEFAULT_GENERATED/i.test(extra ?? ""),
    generated: /\b(VIRTUAL|STORED|PERSISTENT) GENERATED|STORED ALWAYS/i.test(extra ?? ""),
    bytewise: collation?.endsWith("_bin") ?? false,
    ...narrowed(dataType!, columnType!),
    dataType: dataType!,
    columnType: columnType!,
    collation: collation ?? undefined,
    fraction: Number(fraction ?? 0),
  };
}

/** Whatever else a type would change is refused. */
function narrowed(dataType: string, declared: string): Pick<LiveColumn, "narrow"> {
  if (dataType === "char") return { narrow: { declared, what: "blanks" } };
  return dataType === "float" ? { narrow: { declared, what: "digits" } } : {};
}

/**
 * No type keeps an instant beyond 2038, and MySQL has none for a UUID: a column that a load has made for
 * them says nothing of it, but the row of the load does.
 */
function typeAsLoaded({ name, type, columnType }: CatalogColumn, load: string | undefined) {
  if (load === undefined) return type;
  const loaded = (JSON.parse(load) as readonly Column[]).find((column) => column.name === name);
  if (type === "timestamp" && loaded?.type === "timestamptz") return "timestamptz";
  return columnType === "char(36)" && loaded?.type === "uuid" ? "uuid" : type;
}

/**
 * The columns of the latest loads into a table, as JSON, the last one first: those into any of its name,
 * and those into this very one, also where it had another name.
 */
async function loadsInto(
  session: MysqlSession,
  place: Place,
): Promise<{ readonly any: readonly string[]; readonly same: readonly string[] }> {
  const [schema, name] = at(place);
  const identity = identityOf(session.server, place);
  const same = `CAST(table_state AS BINARY) = CAST(${identity} AS BINARY)`;
  try {
    const rows = await session.all(
      `SELECT columns, coalesce(${same}, 0) FROM ${quote(schema)}.${quote(LOAD_TABLE)}
WHERE table_name = ${P} OR ${same} ORDER BY 2 DESC, started_at DESC LIMIT ${LOADS_MAX}`,
      [name],
    );
    const json = (found: Cell[][]) => found.map(([columns]) => String(columns));
    return { any: json(rows), same: json(rows.filter(([, same]) => Number(same) === 1)) };
  } catch (error) {
    // Where it lacks columns it is not ours, which is told once a load begins.
    const missing = ["ER_NO_SUCH_TABLE", "ER_BAD_FIELD_ERROR"];
    if (error instanceof SessionError && missing.includes(error.code)) {
      return { any: [], same: [] };
    }
    throw error;
  }
}

/** The unique indexes of a table, the primary key first. */
export async function readUniqueIndexes(
  session: MysqlSession,
  place: Place,
): Promise<readonly UniqueIndex[]> {
  const rows = await session.all(
    `SELECT INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
WHERE ${OF_TABLE} AND NON_UNIQUE = 0
ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`,
    at(place),
  );
  return [...Map.groupBy(rows, ([index]) => String(index))].map(([name, parts]) => ({
    name,
    columns: parts.map(([, column]) => String(column)),
    partial: parts.some(([, column, part]) => column === null || part !== null),
  }));
}

/** Columns of an index or of a foreign key, in its order. */
export async function constraintColumns(
  session: MysqlSession,
  { place, constraint }: PlacedTable & { readonly constraint: string },
): Promise<readonly string[]> {
  const places = [
    ["STATISTICS", "INDEX_NAME", "SEQ_IN_INDEX"],
    ["KEY_COLUMN_USAGE", "CONSTRAINT_NAME", "ORDINAL_POSITION"],
  ];
  for (const [view, name, order] of places) {
    const rows = await session.all(
      `SELECT COLUMN_NAME FROM information_schema.${view}
WHERE ${OF_TABLE} AND ${name} = ${P} ORDER BY ${order}`,
      [...at(place), constraint],
    );
    if (rows.length > 0) return rows.map(([name]) => String(name));
  }
  return [];
}
