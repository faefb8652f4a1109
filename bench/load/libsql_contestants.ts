/**
 * Who loads into a SQLite file, each as its own documentation has it, in the fastest way that is
 * documented.
 */
import type { Assignment, Contestant } from "./contestant.ts";
import { LIBSQL_SETTINGS } from "./libsql_target.ts";
import { denoScript } from "./script.ts";

/** Name of what the others are compared with. */
export const LIBSQL_REFERENCE = "sqlite3 .import, CSV";

/** SQLite's own shell: https://www.sqlite.org/cli.html#importing_files_as_csv_or_other_formats */
export const SQLITE_SHELL: Contestant = {
  name: LIBSQL_REFERENCE,
  side: "reference",
  needs: ["sqlite3"],
  nulls: "emptied",
  command: (assignment) => {
    const { files } = assignment;
    return {
      program: "sqlite3",
      args: [
        ...["-batch", "-bail", databaseOf(assignment)],
        `PRAGMA synchronous = ${LIBSQL_SETTINGS.synchronous}`,
        `.import --csv --skip 1 '${files.csv}' ${files.dataset.name}`,
      ],
    };
  },
};

/** SQLite by hand, from JavaScript. */
export const NODE_SQLITE: Contestant = denoScript("node_sqlite", { name: "node:sqlite by hand" });

/** Contestants that take half a minute for a million rows. */
export const LONG_ON_LIBSQL: readonly Contestant[] = [
  denoScript("libsql_client", { name: "@libsql/client batch" }),
  denoScript("drizzle_libsql", { name: "drizzle on libSQL" }),
  sqliteUtils("sqlite-utils, CSV", "emptied", (a) => [a.files.csv, "--csv"]),
];

/** Contestants that take seconds for a hundred thousand rows. */
export const SLOW_ON_LIBSQL: readonly Contestant[] = [
  ...LONG_ON_LIBSQL,
  denoScript("knex_libsql", { name: "knex on libSQL" }),
  sqliteUtils("sqlite-utils, NDJSON", "kept", (a) => [a.files.ndjson, "--nl"]),
];

/** https://sqlite-utils.datasette.io/en/stable/cli.html#inserting-newline-delimited-json */
function sqliteUtils(
  name: string,
  nulls: "kept" | "emptied",
  input: (assignment: Assignment) => readonly string[],
): Contestant {
  return {
    name,
    side: "others",
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
