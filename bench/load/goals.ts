/** What was asked for, and what was measured of it. */
import { grouped } from "../../src/observe/progress.ts";
import { BARE } from "./bare.ts";
import type { DatabaseName } from "./dataset.ts";
import { DUCKDB_REFERENCE } from "./duckdb_contestants.ts";
import { ONE_CONNECTION } from "./match.ts";
import { KNEX_ON_MYSQL, MYSQL2, MYSQL_REFERENCE } from "./mysql_contestants.ts";
import { PGLITE_REFERENCE } from "./pglite_contestants.ts";
import type { MatchResult, MeasuredResult } from "./result.ts";
import { DEFAULT } from "./snakepipe.ts";

/** One figure that was asked for. */
export interface GoalResult {
  readonly what: string;
  readonly unit: "ratio" | "seconds" | "bytes";
  readonly atLeast: number;
  readonly aim: number;
  readonly measured: number;
  /** `met`: the aim; `at least`: what is the least; `OVER`: neither. */
  readonly verdict: "met" | "at least" | "OVER";
}

/** Sizes that the goals are judged at; they were set for a hundred thousand and a million rows. */
export interface GoalSizes {
  readonly medium: number;
  readonly large: number;
}

/** Bounds of one goal. */
type Bounds = readonly [atLeast: number, aim: number];

const MEGABYTE = 1e6;

/** Databases of which more is asked than beside their own tools. */
const COMMON = ["postgres", "libsql"] as const;

/** Every goal whose contestants took part. Ratios are of the best rounds. */
export function goals(results: readonly MatchResult[], sizes: GoalSizes): GoalResult[] {
  const all = new Results(results);
  return [
    ...postgresGoals(all, sizes),
    ...libsqlGoals(all, sizes),
    ...mysqlGoals(all, sizes),
    ...duckdbGoals(all, sizes),
    ...pgliteGoals(all, sizes),
    ...COMMON.flatMap((database) => commonGoals(all, database, sizes)),
  ].filter((goal) => goal !== undefined);
}

function postgresGoals(all: Results, { large }: GoalSizes): (GoalResult | undefined)[] {
  const many = { database: "postgres", rows: large } as const;
  const toReference = (what: string, bounds: Bounds, name: string) =>
    ratio(`Postgres: ${what}, to psql \\copy CSV`, bounds, all.of(many, name)?.ratio);
  return [
    toReference("as it comes", [1.05, 1.3], DEFAULT),
    toReference("one connection, COPY text", [0.9, 1.0], ONE_CONNECTION.text),
    toReference("one connection, COPY binary", [1.05, 1.2], ONE_CONNECTION.binary),
    // Not of a file: there the client is the database as well, whose own tool takes 2 s.
    most("Postgres: client CPU per million rows", "seconds", {
      bounds: [1.0, 0.75],
      measured: perMillion(all.of(many, DEFAULT), large),
    }),
    all.against(many, "knex", [6, 8]),
    all.against(many, "kysely", [6, 8]),
    all.against(many, "drizzle", [20, 25]),
    all.against(many, "pg-copy-streams", [2.5, 3]),
  ];
}

function libsqlGoals(all: Results, { large }: GoalSizes): (GoalResult | undefined)[] {
  const many = { database: "libsql", rows: large } as const;
  const ours = all.of(many, DEFAULT);
  return [
    ratio("libSQL: as it comes, to sqlite3 .import CSV", [0.9, 1.1], ours?.ratio),
    all.against(many, "drizzle on libSQL", [7, 9]),
    all.against(many, "sqlite-utils, CSV", [5, 7]),
    all.against(many, "@libsql/client batch", [5, 7]),
  ];
}

function mysqlGoals(all: Results, { large }: GoalSizes): (GoalResult | undefined)[] {
  const many = { database: "mysql", rows: large } as const;
  const ours = all.of(many, DEFAULT);
  return [
    ratio(`MariaDB: as it comes, to ${MYSQL_REFERENCE}`, [0.8, 1.0], ours?.ratio),
    all.against(many, MYSQL2, [1.5, 1.5]),
    all.against(many, KNEX_ON_MYSQL, [1.5, 1.5]),
  ];
}

function duckdbGoals(all: Results, { large }: GoalSizes): (GoalResult | undefined)[] {
  const ours = all.of({ database: "duckdb", rows: large }, DEFAULT);
  return [ratio(`DuckDB: as it comes, to ${DUCKDB_REFERENCE}`, [0.5, 0.8], ours?.ratio)];
}

function pgliteGoals(all: Results, { medium }: GoalSizes): (GoalResult | undefined)[] {
  const ours = all.of({ database: "pglite", rows: medium }, DEFAULT);
  return [ratio(`PGlite: by INSERT, to ${PGLITE_REFERENCE}`, [3, 3], ours?.ratio)];
}

function commonGoals(
  all: Results,
  database: DatabaseName,
  { medium, large }: GoalSizes,
): (GoalResult | undefined)[] {
  const many = { database, rows: large };
  const ours = all.of(many, DEFAULT);
  const before = medium === large ? undefined : all.of({ database, rows: medium }, DEFAULT);
  return [
    all.against(many, BARE.driver, [0.98, 1.0], BARE.whole),
    all.against(many, BARE.ledger, [0.93, 0.97], BARE.whole),
    most(`${TITLE[database]}: peak memory at ${grouped(large)} rows`, "bytes", {
      bounds: [200 * MEGABYTE, 120 * MEGABYTE],
      measured: ours?.peakBytes,
    }),
    ratio(
      `${TITLE[database]}: rows per second, ${grouped(large)} to ${grouped(medium)} rows`,
      [0.95, 1.0],
      quotient(ours?.rowsPerSecond, before?.rowsPerSecond),
    ),
  ];
}

/** Families as people call them. */
export const TITLE: Readonly<Record<DatabaseName, string>> = {
  postgres: "Postgres",
  libsql: "libSQL",
  mysql: "MariaDB",
  duckdb: "DuckDB",
  pglite: "PGlite",
};

interface ResultPlace {
  readonly database: DatabaseName;
  readonly rows: number;
}

/** Results of the data set `nodes`. */
class Results {
  readonly #results: readonly MatchResult[];

  constructor(results: readonly MatchResult[]) {
    this.#results = results.filter(({ dataset }) => dataset === "nodes");
  }

  of({ database, rows }: ResultPlace, name: string): MeasuredResult | undefined {
    for (const result of this.#results) {
      if (result.database !== database || result.rows !== rows) continue;
      const found = result.contestants.find((c) => c.name === name);
      if (found?.kind === "measured") return found;
    }
    return undefined;
  }

  /** How many times as fast as another contestant snakepipe is. */
  against(
    place: ResultPlace,
    other: string,
    bounds: Bounds,
    own: string = DEFAULT,
  ): GoalResult | undefined {
    const measured = quotient(
      this.of(place, own)?.rowsPerSecond,
      this.of(place, other)?.rowsPerSecond,
    );
    return ratio(`${TITLE[place.database]}: ${own}, to ${other}`, bounds, measured);
  }
}

function quotient(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}

function perMillion(result: MeasuredResult | undefined, rows: number): number | undefined {
  const seconds = result?.clientCpuSeconds;
  return seconds === undefined ? undefined : seconds / rows * 1e6;
}

/** A ratio that is to be that large. */
function ratio(
  what: string,
  [atLeast, aim]: Bounds,
  measured: number | undefined,
): GoalResult | undefined {
  if (measured === undefined) return undefined;
  const verdict = measured >= aim ? "met" : measured >= atLeast ? "at least" : "OVER";
  return { what, unit: "ratio", atLeast, aim, measured, verdict };
}

/** A figure that is to be no larger. */
function most(
  what: string,
  unit: "seconds" | "bytes",
  { bounds: [atLeast, aim], measured }: {
    readonly bounds: Bounds;
    readonly measured: number | undefined;
  },
): GoalResult | undefined {
  if (measured === undefined) return undefined;
  const verdict = measured <= aim ? "met" : measured <= atLeast ? "at least" : "OVER";
  return { what, unit, atLeast, aim, measured, verdict };
}
