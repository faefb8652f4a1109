/** The tables that are loaded: their columns, and what each database is told of them. */
import type { Column, ColumnType } from "../../mod.ts";
import { AST_COLUMNS } from "../../host/sources/ast_rows.ts";

/** Names of the data sets. */
export const DATASET_NAMES = ["nodes", "wide", "narrow", "indexed", "filled"] as const;

/** Which rows. */
export type DatasetName = (typeof DATASET_NAMES)[number];

/** One table. */
export interface Dataset {
  readonly name: DatasetName;
  /** What its rows are, for people. */
  readonly title: string;
  readonly columns: readonly Column[];
  /** Columns of each index beside the key's; none by default. */
  readonly indexes?: readonly (readonly string[])[];
  /**
   * The data set whose rows these are. They are in the table before anybody is timed, with other
   * values, and are updated by their key. By default the rows are its own, and the table is empty.
   */
  readonly fills?: DatasetName;
}

/** The columns of a syntax-tree node behind its key. */
const NODE_COLUMNS = AST_COLUMNS.filter(({ name }) => name !== "id" && name !== "field");

/** Every data set by its name. */
export const DATASETS: Readonly<Record<DatasetName, Dataset>> = {
  nodes: {
    name: "nodes",
    title: "syntax-tree nodes, 13 columns",
    columns: [column("id", "int64"), ...NODE_COLUMNS],
  },
  wide: {
    name: "wide",
    title: "runs of nodes with nested JSON, 9 columns",
    columns: [
      column("id", "int64"),
      column("file", "text"),
      column("language", "text"),
      column("start_byte", "int32"),
      column("end_byte", "int32"),
      column("leaves", "boolean"),
      column("leaf_share", "float64"),
      column("kinds", "json"),
      column("nodes", "json"),
    ],
  },
  narrow: {
    name: "narrow",
    title: "edges of the tree, 4 columns",
    columns: [
      column("id", "int64"),
      column("parent_id", "int64", true),
      column("kind", "text"),
      column("start_byte", "int32"),
    ],
  },
  indexed: {
    name: "indexed",
    title: "syntax-tree nodes under a random text as primary key, two more indexes, 13 columns",
    columns: [{ ...column("node", "text"), key: true }, ...NODE_COLUMNS],
    indexes: [["file", "start_byte"], ["kind"]],
  },
  filled: {
    name: "filled",
    title: "syntax-tree nodes that are there, updated by their key, 13 columns",
    columns: [{ ...column("id", "int64"), key: true }, ...NODE_COLUMNS],
    fills: "nodes",
  },
};

/** The databases that are loaded into. */
export const DATABASES = ["postgres", "libsql", "mysql", "duckdb", "pglite"] as const;

/** See {@linkcode DATABASES}. */
export type DatabaseName = (typeof DATABASES)[number];

/** Whose types a table has: PGlite's are PostgreSQL's. */
type SqlDialect = Exclude<DatabaseName, "pglite">;

/**
 * Types as the plugins create them, so that a table made here is one that they would have made; on
 * SQLite the second word is the affinity.
 */
const TYPES: Readonly<Record<SqlDialect, Partial<Record<ColumnType, string>>>> = {
  postgres: {
    int64: "bigint",
    int32: "integer",
    text: "text",
    boolean: "boolean",
    float64: "double precision",
    json: "jsonb",
  },
  libsql: {
    int64: "INTEGER",
    int32: "INTEGER",
    text: "TEXT",
    boolean: "BOOLEAN INTEGER",
    float64: "REAL",
    json: "JSON TEXT",
  },
  mysql: {
    int64: "bigint",
    int32: "int",
    text: "longtext",
    boolean: "tinyint(1)",
    float64: "double",
    json: "json",
  },
  duckdb: {
    int64: "BIGINT",
    int32: "INTEGER",
    text: "VARCHAR",
    boolean: "BOOLEAN",
    float64: "DOUBLE",
    json: "JSON",
  },
};

/** Statements that make the table with its key and indexes, for every competitor alike. */
export function tableStatements(dataset: Dataset, dialect: SqlDialect): readonly string[] {
  const { name, columns, indexes = [] } = dataset;
  const definitions = columns.map((c) =>
    `${c.name} ${TYPES[dialect][c.type]}${c.nullable ? "" : " NOT NULL"}`
  );
  const keys = keysOf(dataset);
  if (keys.length > 0) definitions.push(`PRIMARY KEY (${keys.join(", ")})`);
  return [
    `CREATE TABLE ${name} (${definitions.join(", ")})`,
    ...indexes.map((names) =>
      `CREATE INDEX ${name}_${names.join("_")} ON ${name} (${names.join(", ")})`
    ),
  ];
}

/** The columns of the key; none where rows are only added. */
export function keysOf({ columns }: Dataset): readonly string[] {
  return columns.filter((c) => c.key).map((c) => c.name);
}

function column(name: string, type: ColumnType, nullable = false): Column {
  return { name, type, nullable, key: false };
}
