/** Reads a table as it stands, from information_schema. */
import type { LiveColumn, LiveTable } from "../../../src/backend.ts";
import { type Column, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import { LOAD_TABLE, LOADS_MAX, withInferredTypes } from "../inferred_types.ts";
import { SessionError } from "../sql/failures.ts";
import { columnTypeOf, quote } from "./dialect.ts";
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

/** The database that a table is in. @throws {LoadError} `config_invalid` where none is named */
export async function schemaOf(
  session: MysqlSession,
  { schema, name }: TableName,
): Promise<string> {
  const [row] = schema === undefined ? await session.all("SELECT database()") : [[schema]];
  if (row![0] !== null) return String(row![0]);
  throw new LoadError(
    `No database is named: write it into the url, as in mysql://user@host/database, or before the ` +
      `table, as in database.${name}`,
    { code: "config_invalid", blame: "config" },
  );
}

/** The table's name as the server keeps it. */
export function tableNameOf({ server }: MysqlSession, { name }: TableName): string {
  return server.foldsTables ? name.toLowerCase() : name;
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
  const schema = await schemaOf(session, table);
  const args = [schema, tableNameOf(session, table)];
  const found = await session.all(
    `SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ${P} AND TABLE_NAME = ${P}`,
    args,
  );
  // The catalogue compares without regard to case.
  const [, type] = found.find(([name]) => name === args[1]) ?? [];
  if (type === undefined) return undefined;
  if (type !== "BASE TABLE" && type !== "SYSTEM VERSIONED") {
    throw new LoadError(
      `Name of the table belongs to a ${String(type).toLowerCase()}, name a table: ${
        tableLabel(table)
      }`,
      { code: "name_refused", blame: "config" },
    );
  }
  const indexes = await readUniqueIndexes(session, args);
  return {
    columns: await readColumns(session, args),
    caseInsensitive: true,
    uniqueKeys: indexes.filter(({ partial }) => !partial).map(({ columns }) => columns),
  };
}

/** The columns of a table, by its database and its name. */
export async function readColumns(
  session: MysqlSession,
  args: readonly string[],
): Promise<readonly CatalogColumn[]> {
  const rows = await session.all(
    `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLLATION_NAME,
  DATETIME_PRECISION
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${P} AND TABLE_NAME = ${P}
ORDER BY ORDINAL_POSITION`,
    args,
  );
  // MariaDB has no type JSON: it is a LONGTEXT with a CHECK.
  const checked = session.server.isMariaDb
    ? await session.all(
      `SELECT CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = ${P} AND TABLE_NAME = ${P}`,
      args,
    )
    : [];
  const clauses = new Set(checked.map(([clause]) => String(clause)));
  const columns = rows.map((row) =>
    columnOf(row.map((v) => v === null ? null : String(v)), clauses)
  );
  const loads = await loadsInto(session, args);
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
  [schema, name]: readonly string[],
): Promise<{ readonly any: readonly string[]; readonly same: readonly string[] }> {
  const identity = identityOf(session.server, schema!, name!);
  const same = `CAST(table_state AS BINARY) = CAST(${identity} AS BINARY)`;
  try {
    const rows = await session.all(
      `SELECT columns, coalesce(${same}, 0) FROM ${quote(schema!)}.${
        quote(LOAD_TABLE)
      } WHERE table_name = ${P} OR ${same}
ORDER BY 2 DESC, started_at DESC LIMIT ${LOADS_MAX}`,
      [name!],
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

/** The unique indexes of a table, by its database and its name, the primary key first. */
export async function readUniqueIndexes(
  session: MysqlSession,
  args: readonly string[],
): Promise<readonly UniqueIndex[]> {
  const rows = await session.all(
    `SELECT INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = ${P} AND TABLE_NAME = ${P} AND NON_UNIQUE = 0
ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`,
    args,
  );
  return [...Map.groupBy(rows, ([index]) => String(index))].map(([name, parts]) => ({
    name,
    columns: parts.map(([, column]) => String(column)),
    partial: parts.some(([, column, part]) => column === null || part !== null),
  }));
}
