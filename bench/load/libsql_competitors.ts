/**
 * Who loads into a SQLite file, each as its own documentation has it, in the fastest way that is
 * documented.
 */
import type { Assignment, Competitor } from "./competitor.ts";
import type { ProcessOrder } from "./process.ts";
import { LIBSQL_SETTINGS } from "./libsql_target.ts";
import { keysOf } from "./dataset.ts";
import { denoScript, nodeScript } from "./script.ts";

/** Name of what the others are compared with. */
export const LIBSQL_REFERENCE = "sqlite3 .import, CSV";

/** SQLite's own shell: https://www.sqlite.org/cli.html#importing_files_as_csv_or_other_formats */
export const SQLITE_SHELL: Competitor = {
  name: LIBSQL_REFERENCE,
  side: "reference",
  needs: ["sqlite3"],
  nulls: "emptied",
  command: (assignment) => {
    const { files } = assignment;
    return shellOrder(assignment, [`.import --csv --skip 1 '${files.csv}' ${files.dataset.name}`]);
  },
};

/** Name of what upserts are compared with. */
export const UPSERT_REFERENCE = "sqlite3 .import aside, CSV, and ON CONFLICT";

/** The shell knows no upsert: rows go into a temporary table, and from there into the one that is meant. */
export const SQLITE_SHELL_UPSERT: Competitor = {
  name: UPSERT_REFERENCE,
  side: "reference",
  needs: ["sqlite3"],
  nulls: "emptied",
  command: (assignment) => {
    const { csv, dataset, dataset: { name, columns } } = assignment.files;
    const keys = keysOf(dataset);
    const others = columns.map((c) => c.name).filter((column) => !keys.includes(column));
    return shellOrder(assignment, [
      `CREATE TEMP TABLE aside AS SELECT * FROM ${name} WHERE false`,
      `.import --csv --skip 1 --schema temp '${csv}' aside`,
      `INSERT INTO ${name} SELECT * FROM aside WHERE true ON CONFLICT (${keys.join(", ")}) ` +
      `DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(", ")}`,
    ]);
  },
};

function shellOrder(assignment: Assignment, commands: readonly string[]): ProcessOrder {
  return {
    program: "sqlite3",
    args: [
      ...["-batch", "-bail", databaseOf(assignment)],
      `PRAGMA synchronous = ${LIBSQL_SETTINGS.synchronous}`,
      ...commands,
    ],
  };
}

/** SQLite by hand, from JavaScript. */
export const NODE_SQLITE: Competitor = denoScript("node_sqlite", { name: "node:sqlite by hand" });

/** Other engines and clients of it, under Node; their packages are installed for it. */
export const NATIVE_ON_LIBSQL: readonly Competitor[] = [
  nodeScript("better_sqlite3", {
    name: "better-sqlite3 by hand, Node",
    needs: ["node", "better-sqlite3"],
  }),
  nodeScript("turso_database", {
    name: "@tursodatabase/database, Node",
    needs: ["node", "@tursodatabase/database"],
  }),
];

/** Competitors that take half a minute for a million rows. */
export const LONG_ON_LIBSQL: readonly Competitor[] = [
  denoScript("libsql_client", { name: "@libsql/client batch", slow: true }),
  denoScript("drizzle_libsql", { name: "drizzle on libSQL", slow: true }),
  sqliteUtils("sqlite-utils, CSV", "emptied", (a) => [a.files.csv, "--csv"]),
];

/** Competitors that take seconds for a hundred thousand rows. */
export const SLOW_ON_LIBSQL: readonly Competitor[] = [
  ...LONG_ON_LIBSQL,
  denoScript("knex_libsql", { name: "knex on libSQL", slow: true }),
  sqliteUtils("sqlite-utils, NDJSON", "kept", (a) => [a.files.ndjson, "--nl"]),
];

/** https://sqlite-utils.datasette.io/en/stable/cli.html#inserting-newline-delimited-json */
function sqliteUtils(
  name: string,
  nulls: "kept" | "emptied",
  input: (assignment: Assignment) => readonly string[],
): Competitor {
  return {
    name,
    side: "others",
    slow: true,
    needs: ["sqlite-utils"],
    nulls,
    command: (assignment) => ({
      program: "sqlite-utils",
      args: [
        ...["insert", databaseOf(assignment), assignment.files.dataset.name],
        ...input(assignment),
        "--silent",
      ],
    }),
  };
}

function databaseOf({ place }: Assignment): string {
  if (place.kind !== "libsql") throw new Error(`No database file: ${place.kind}`);
  return place.database;
}
