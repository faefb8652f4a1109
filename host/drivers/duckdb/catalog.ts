/** Reads tables from DuckDB's catalogue, whose functions tell of all databases that are open. */
import type { LiveTable } from "../../../src/model/backend.ts";
import { tableLabel, type TableName } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LOAD_TABLE, LOADS_MAX, withInferredTypes } from "../inferred_types.ts";
import type { PlacedTable } from "../sql/family.ts";
import type { Place } from "../sql/host_tables.ts";
import { qualified } from "../sql/words.ts";
import { columnTypeOf, DUCKDB_WORDS } from "./names_and_types.ts";
import type { DuckSession } from "./session.ts";
import { MARK } from "./table_state.ts";

/** What a row of the catalogue has to be of, in the file: the parameters are {@linkcode at}. */
const OF_TABLE = "database_name = current_database() AND schema_name = ? AND table_name = ?";

/** A table for the parameters of a query. */
function at({ schema, tableName }: Place): [schema: string, name: string] {
  return [schema!, tableName];
}

/** One column, as the catalogue has it. */
export interface CatalogColumn {
  readonly name: string;
  /** As it is declared, in DuckDB's own words. */
  readonly declared: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
}

/**
 * Where a load's tables are.
 *
 * @throws {LoadError} `name_refused` for a schema that has the file's own name
 */
export async function placeOf(session: DuckSession, table: TableName): Promise<Place> {
  const wanted = table.schema ?? "main";
  const named = "database_name = current_database() AND lower(schema_name) = lower(?1)";
  // Views stand there too.
  const [[file, schema, name] = []] = await session.all(
    `SELECT current_database(), (SELECT schema_name FROM duckdb_schemas() WHERE ${named}),
  (SELECT any_value(table_name) FROM duckdb_columns()
    WHERE ${named} AND lower(table_name) = lower(?2))`,
    [wanted, table.name],
  );
  if (DUCKDB_WORDS.foldCase(String(file)) === DUCKDB_WORDS.foldCase(wanted)) {
    throw new LoadError(
      `To DuckDB, ${JSON.stringify(wanted)} is the file as well as the schema: rename one of them`,
      { code: "name_refused", blame: "config" },
    );
  }
  const place = String(schema ?? wanted);
  return { schema: place, hostSchema: place, tableName: String(name ?? table.name) };
}

/** Columns of a table, in its order; none where it is not there. @throws {SessionError} */
export async function readColumns(
  session: DuckSession,
  place: Place,
): Promise<readonly CatalogColumn[]> {
  const rows = await session.all(
    "SELECT column_name, data_type, is_nullable, column_default FROM duckdb_columns() " +
      `WHERE ${OF_TABLE} ORDER BY column_index`,
    at(place),
  );
  if (rows.length === 0) return [];
  // A generated column has an expression there, and no default here.
  const described = await session.all(
    `SELECT "default" FROM (DESCRIBE ${qualified(DUCKDB_WORDS, ...at(place))})`,
  );
  return rows.map(([column, declared, nullable, expression], i) => {
    const hasDefault = described[i]![0] !== null;
    return {
      name: String(column),
      declared: String(declared),
      nullable: nullable === 1n,
      hasDefault,
      generated: expression !== null && !hasDefault,
    };
  });
}

/** The table as it stands. @throws {LoadError} `name_refused` where it is a view; {SessionError} */
export async function readLiveTable(
  session: DuckSession,
  table: TableName,
): Promise<LiveTable | undefined> {
  const place = await placeOf(session, table);
  const columns = await readColumns(session, place);
  if (columns.length === 0) return undefined;
  const [found] = await session.all(`SELECT sql FROM duckdb_tables() WHERE ${OF_TABLE}`, at(place));
  if (!found) {
    throw new LoadError(`Name of the table belongs to a view, name a table: ${tableLabel(table)}`, {
      code: "name_refused",
      blame: "config",
    });
  }
  const bytewise = !/\bCOLLATE\b/i.test(String(found[0]));
  const live = columns.map(({ declared, ...column }) => {
    const type = columnTypeOf(declared);
    return {
      ...column,
      type,
      ...(bytewise && type === "text" ? { bytewise } : {}),
      ...(declared === "FLOAT" ? { narrow: { declared, what: "digits" } as const } : {}),
    };
  });
  return {
    columns: withInferredTypes(live, await loadsInto(session, place)),
    caseInsensitive: true,
    uniqueKeys: await uniqueKeys(session, place, columns),
  };
}

/** The columns of the latest loads into a table that one of them has made, as JSON, the last one first. */
async function loadsInto(session: DuckSession, place: Place): Promise<readonly string[]> {
  const ledger = await readColumns(session, { ...place, tableName: LOAD_TABLE });
  // Where it is there without it, it is not ours, which is told once a load begins.
  if (!ledger.some((column) => column.name === "table_state")) return [];
  const rows = await session.all(
    `SELECT "columns" FROM ${qualified(DUCKDB_WORDS, place.schema, LOAD_TABLE)}
WHERE "table_state" SIMILAR TO '.+:.*:.*' AND split_part("table_state", ':', 1) = (
  SELECT ${MARK} FROM duckdb_tables() WHERE ${OF_TABLE})
ORDER BY "started_at" DESC LIMIT ${LOADS_MAX}`,
    at(place),
  );
  return rows.map(([columns]) => String(columns));
}

/** Columns of a constraint that has refused a row, by its kind and the first name in its key. */
export async function constraintColumns(
  session: DuckSession,
  { place, constraint }: PlacedTable & { readonly constraint: string },
): Promise<readonly string[]> {
  const [kind, key] = constraint.split(/:([^]*)/);
  const all = kind === "UNIQUE"
    ? (await uniqueKeys(session, place, await readColumns(session, place)))
      .map((columns) => ({ columns, key: columns }))
    : (await session.all(
      `SELECT to_json(constraint_column_names)::VARCHAR, to_json(referenced_column_names)::VARCHAR
FROM duckdb_constraints() WHERE ${OF_TABLE} AND constraint_type = ?`,
      [...at(place), kind!.replace("_", " ")],
    )).map(([columns, key]) => ({
      columns: JSON.parse(String(columns)) as string[],
      key: JSON.parse(String(key)) as string[],
    }));
  const named = all.filter((each) => each.key[0] === key);
  const found = named.length === 1 ? named : all;
  return found.length === 1 ? found[0]!.columns : [];
}

/** Columns of each unique constraint and index, the primary key's first. */
async function uniqueKeys(
  session: DuckSession,
  place: Place,
  columns: readonly CatalogColumn[],
): Promise<readonly (readonly string[])[]> {
  const rows = await session.all(
    `SELECT to_json(constraint_column_names)::VARCHAR, constraint_type FROM duckdb_constraints()
WHERE ${OF_TABLE} AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')
UNION ALL SELECT to_json(CAST(expressions AS VARCHAR[]))::VARCHAR, 'index'
FROM duckdb_indexes() WHERE ${OF_TABLE} AND is_unique ORDER BY 2`,
    [...at(place), ...at(place)],
  );
  // Expressions of an index stand there in quotes where they need some; no column alone counts not.
  const known = new Set(columns.map((column) => column.name));
  const keys = rows.map(([names, kind]) =>
    (JSON.parse(String(names)) as string[]).map((name) =>
      kind === "index" && name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
    )
  );
  return keys.filter((names) => names.every((each) => known.has(each)));
}
