/** What was asked for, and what was measured of it. */
import { grouped } from "../../src/observe/progress.ts";
import { BARE } from "./bare.ts";
import type { DatabaseName, DatasetName } from "./dataset.ts";
import { DUCKDB_REFERENCE } from "./duckdb_contestants.ts";
import { LIBSQL_REFERENCE } from "./libsql_contestants.ts";
import { ONE_CONNECTION } from "./match.ts";
import { KNEX_ON_MYSQL, MYSQL2, MYSQL_REFERENCE } from "./mysql_contestants.ts";
import { PGLITE_REFERENCE } from "./pglite_contestants.ts";
import { POSTGRES_REFERENCE, PSQL_IN_TRANSACTIONS } from "./postgres_contestants.ts";
import type { MatchResult, MeasuredResult } from "./result.ts";
import { DEFAULT } from "./snakepipe.ts";

/** One figure that was asked for. */
export interface GoalResult {
  readonly what: string;
  readonly unit: "ratio" | "seconds" | "bytes";
  readonly atLeast: number;
  readonly aim: number;
  /** By the medians of the rounds, which decide. */
  readonly measured: number;
  /** By the best of the rounds; of ratios. */
  readonly best?: number;
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

/** Every goal whose contestants took part. */
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
  return [
    all.against(many, POSTGRES_REFERENCE, [1.0, 1.15]),
    all.against(many, PSQL_IN_TRANSACTIONS, [1.15, 1.35]),
    all.against({ ...many, dataset: "narrow" }, POSTGRES_REFERENCE, [0.9, 1.0]),
    all.against({ database: "postgres", dataset: "wide" }, POSTGRES_REFERENCE, [1.3, 1.6]),
    all.against(many, POSTGRES_REFERENCE, [0.9, 1.0], ONE_CONNECTION.text),
    all.against(many, POSTGRES_REFERENCE, [1.05, 1.2], ONE_CONNECTION.binary),
    // Not of a file: there the client is the database as well, whose own tool takes 2 s.
    most("Postgres: client CPU per million rows", "seconds", {
      bounds: [0.6, 0.45],
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
  return [
    all.against(many, LIBSQL_REFERENCE, [1.7, 2.2]),
    all.against({ ...many, dataset: "narrow" }, LIBSQL_REFERENCE, [1.3, 1.8]),
    all.against({ database: "libsql", dataset: "wide" }, LIBSQL_REFERENCE, [1.5, 2.0]),
    all.against(many, "drizzle on libSQL", [7, 9]),
    all.against(many, "sqlite-utils, CSV", [5, 7]),
    all.against(many, "@libsql/client batch", [5, 7]),
  ];
}

function mysqlGoals(all: Results, { large }: GoalSizes): (GoalResult | undefined)[] {
  const many = { database: "mysql", rows: large } as const;
  return [
    all.against(many, MYSQL_REFERENCE, [0.8, 1.0]),
    all.against(many, MYSQL2, [1.5, 1.5]),
    all.against(many, KNEX_ON_MYSQL, [1.5, 1.5]),
  ];
}

function duckdbGoals(all: Results, { large }: GoalSizes): (GoalResult | undefined)[] {
  return [all.against({ database: "duckdb", rows: large }, DUCKDB_REFERENCE, [0.5, 0.8])];
}

function pgliteGoals(all: Results, { medium }: GoalSizes): (GoalResult | undefined)[] {
  return [all.against({ database: "pglite", rows: medium }, PGLITE_REFERENCE, [3, 3])];
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
      bounds: [90 * MEGABYTE, 70 * MEGABYTE],
      measured: ours?.peakBytes,
    }),
    ratio(`${TITLE[database]}: rows per second, ${grouped(large)} to ${grouped(medium)} rows`, {
      bounds: [0.95, 1.0],
      ours: ours && speedOf(ours, large),
      others: before && speedOf(before, medium),
    }),
  ];
}

/** Databases as people call them. */
export const TITLE: Readonly<Record<DatabaseName, string>> = {
  postgres: "Postgres",
  libsql: "libSQL",
  mysql: "MariaDB",
  duckdb: "DuckDB",
  pglite: "PGlite",
};

interface ResultPlace {
  readonly database: DatabaseName;
  /** `nodes` by default. */
  readonly dataset?: DatasetName;
  /** Of the only match, where this is left out. */
  readonly rows?: number;
}

class Results {
  readonly #results: readonly MatchResult[];

  constructor(results: readonly MatchResult[]) {
    this.#results = results;
  }

  of({ database, dataset = "nodes", rows }: ResultPlace, name: string): MeasuredResult | undefined {
    for (const result of this.#results) {
      if (result.database !== database || result.dataset !== dataset) continue;
      if (rows !== undefined && result.rows !== rows) continue;
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
    const [ours, others] = [this.of(place, own), this.of(place, other)];
    const rows = place.dataset === undefined ? "" : `, ${place.dataset}`;
    return ratio(`${TITLE[place.database]}${rows}: ${own}, to ${other}`, {
      bounds,
      ours: ours && speedOf(ours),
      others: others && speedOf(others),
    });
  }
}

/** Rows a second, or loads where all are of the same rows. */
interface Speed {
  readonly median: number;
  readonly best: number;
}

function speedOf({ medianSeconds, bestSeconds }: MeasuredResult, rows = 1): Speed {
  return { median: rows / medianSeconds, best: rows / bestSeconds };
}

function perMillion(result: MeasuredResult | undefined, rows: number): number | undefined {
  const seconds = result?.clientCpuSeconds;
  return seconds === undefined ? undefined : seconds / rows * 1e6;
}

interface Compared {
  readonly bounds: Bounds;
  readonly ours: Speed | undefined;
  readonly others: Speed | undefined;
}

/** A ratio that is to be that large. */
function ratio(what: string, { bounds, ours, others }: Compared): GoalResult | undefined {
  if (ours === undefined || others === undefined) return undefined;
  const [atLeast, aim] = bounds;
  const [measured, best] = [ours.median / others.median, ours.best / others.best];
  const verdict = measured >= aim ? "met" : measured >= atLeast ? "at least" : "OVER";
  return { what, unit: "ratio", atLeast, aim, measured, best, verdict };
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
