/** What the figures of the benchmark are held to. */
import { BARE } from "./bare.ts";
import type { DatabaseName, DatasetName } from "./dataset.ts";
import { DUCKDB_REFERENCE } from "./duckdb_competitors.ts";
import { EMPTY_SCRIPT } from "./empty_script.ts";
import { LIBSQL_REFERENCE, UPSERT_REFERENCE } from "./libsql_competitors.ts";
import { type ComparisonSizes, ONE_CONNECTION } from "./comparison.ts";
import { KNEX_ON_MYSQL, MYSQL2, MYSQL_REFERENCE } from "./mysql_competitors.ts";
import { PGLITE_REFERENCE } from "./pglite_competitors.ts";
import { POSTGRES_REFERENCE, PSQL_IN_TRANSACTIONS } from "./postgres_competitors.ts";
import { INDEXES_AFTER } from "./snakepipe.ts";

/**
 * - `faster`: how many times as fast as another competitor; a competitor of ours, or snakepipe as it
 *   comes where `own` is left out
 * - `longer`: how many times as long as another competitor, so that less is better
 * - `growth`: rows a second, to those of the smaller size
 * - `cpu`: seconds of the client's CPU for a million rows
 * - `peak`: bytes of memory
 */
export type Measure =
  | { readonly kind: "faster"; readonly than: string; readonly own?: string }
  | { readonly kind: "longer"; readonly than: string }
  | { readonly kind: "growth"; readonly from: keyof ComparisonSizes }
  | { readonly kind: "cpu" | "peak" };

/** One figure that is asked for, by medians: what is the least, and what is aimed at. */
export interface Goal {
  readonly database: DatabaseName;
  /** `nodes` by default. */
  readonly dataset?: DatasetName;
  readonly size: keyof ComparisonSizes;
  readonly measure: Measure;
  readonly atLeast: number;
  readonly aim: number;
}

const MEGABYTE = 1e6;
const POSTGRES = { database: "postgres", size: "large" } as const;
const LIBSQL = { database: "libsql", size: "large" } as const;
const MYSQL = { database: "mysql", size: "large" } as const;
const NARROW = { dataset: "narrow" } as const;
const WIDE = { dataset: "wide", size: "wide" } as const;

/**
 * What upserts by bound values came to beside the shell, best of five rounds of 200,000 rows (AMD EPYC,
 * 2 cores): the goal was set for how many times as fast they become.
 */
const BOUND_UPSERT = 0.6;

/** Every goal. */
export const GOALS: readonly Goal[] = [
  { ...POSTGRES, measure: faster(POSTGRES_REFERENCE), atLeast: 1.0, aim: 1.15 },
  { ...POSTGRES, ...NARROW, measure: faster(POSTGRES_REFERENCE), atLeast: 0.9, aim: 1.0 },
  { ...POSTGRES, ...WIDE, measure: faster(POSTGRES_REFERENCE), atLeast: 1.3, aim: 1.6 },
  { ...POSTGRES, measure: faster(PSQL_IN_TRANSACTIONS), atLeast: 1.15, aim: 1.35 },
  {
    ...POSTGRES,
    dataset: "indexed",
    measure: faster(POSTGRES_REFERENCE),
    atLeast: 1.0,
    aim: 1.2,
  },
  {
    ...POSTGRES,
    dataset: "indexed",
    measure: faster(POSTGRES_REFERENCE, INDEXES_AFTER),
    atLeast: 1.4,
    aim: 1.8,
  },
  // Not of a file: there the client is the database as well, whose own tool takes 2 s.
  { ...POSTGRES, measure: { kind: "cpu" }, atLeast: 0.6, aim: 0.45 },
  ...ofBoth(POSTGRES),
  { ...POSTGRES, size: "start", measure: longer(EMPTY_SCRIPT), atLeast: 5.5, aim: 4 },
  {
    ...POSTGRES,
    measure: faster(POSTGRES_REFERENCE, ONE_CONNECTION.text),
    atLeast: 0.9,
    aim: 1.0,
  },
  {
    ...POSTGRES,
    measure: faster(POSTGRES_REFERENCE, ONE_CONNECTION.binary),
    atLeast: 1.05,
    aim: 1.2,
  },
  { ...POSTGRES, measure: faster("pg-copy-streams"), atLeast: 2.5, aim: 3 },
  { ...POSTGRES, measure: faster("knex"), atLeast: 6, aim: 8 },
  { ...POSTGRES, measure: faster("kysely"), atLeast: 6, aim: 8 },
  { ...POSTGRES, measure: faster("drizzle"), atLeast: 20, aim: 25 },

  { ...LIBSQL, measure: faster(LIBSQL_REFERENCE), atLeast: 1.7, aim: 2.2 },
  { ...LIBSQL, ...NARROW, measure: faster(LIBSQL_REFERENCE), atLeast: 1.3, aim: 1.8 },
  { ...LIBSQL, ...WIDE, measure: faster(LIBSQL_REFERENCE), atLeast: 1.5, aim: 2.0 },
  {
    ...LIBSQL,
    dataset: "filled",
    measure: faster(UPSERT_REFERENCE),
    atLeast: 1.4 * BOUND_UPSERT,
    aim: 1.8 * BOUND_UPSERT,
  },
  ...ofBoth(LIBSQL),
  { ...LIBSQL, size: "start", measure: longer(EMPTY_SCRIPT), atLeast: 4, aim: 3 },
  { ...LIBSQL, measure: faster("drizzle on libSQL"), atLeast: 7, aim: 9 },
  { ...LIBSQL, measure: faster("sqlite-utils, CSV"), atLeast: 5, aim: 7 },
  { ...LIBSQL, measure: faster("@libsql/client batch"), atLeast: 5, aim: 7 },

  { ...MYSQL, measure: faster(MYSQL_REFERENCE), atLeast: 0.8, aim: 1.0 },
  { ...MYSQL, measure: faster(MYSQL2), atLeast: 1.5, aim: 1.5 },
  { ...MYSQL, measure: faster(KNEX_ON_MYSQL), atLeast: 1.5, aim: 1.5 },
  {
    database: "duckdb",
    size: "large",
    measure: faster(DUCKDB_REFERENCE),
    atLeast: 0.5,
    aim: 0.8,
  },
  { database: "pglite", size: "medium", measure: faster(PGLITE_REFERENCE), atLeast: 3, aim: 3 },
];

/** What is asked for of both databases that have most of the work. */
function ofBoth(place: Pick<Goal, "database" | "size">): readonly Goal[] {
  return [
    { ...place, measure: { kind: "peak" }, atLeast: 90 * MEGABYTE, aim: 70 * MEGABYTE },
    { ...place, measure: { kind: "growth", from: "medium" }, atLeast: 0.95, aim: 1.0 },
    { ...place, measure: faster(BARE.driver, BARE.whole), atLeast: 0.98, aim: 1.0 },
    { ...place, measure: faster(BARE.ledger, BARE.whole), atLeast: 0.93, aim: 0.97 },
  ];
}

function faster(than: string, own?: string): Measure {
  return { kind: "faster", than, ...(own === undefined ? {} : { own }) };
}

function longer(than: string): Measure {
  return { kind: "longer", than };
}
