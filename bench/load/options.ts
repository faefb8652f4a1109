/** The command line of the benchmark. */
import { parseArgs } from "@std/cli/parse-args";
import { type DatabaseName, DATABASES } from "./dataset.ts";

/** What was asked for. */
export interface BenchOptions {
  /** Small sets, to see that everything works: no figures to quote. */
  readonly quick: boolean;
  /** Timed runs of each contestant; 5 by default, 2 with `quick`. */
  readonly rounds: number;
  /** Parts of names of contestants; beside them only the references take part. Everybody if empty. */
  readonly only: readonly string[];
  /** The databases to load into; all of them by default. */
  readonly into: readonly DatabaseName[];
  /** Sizes to measure everybody at, instead of the usual ones. */
  readonly rows?: readonly number[];
}

/** How the benchmark is called. */
export const USAGE =
  `deno task bench:load [--quick] [--rounds N] [--only NAME,…] [--into DATABASE] [--rows N,…]

  --quick       small sets and 2 rounds, to see that everything works
  --rounds N    timed runs of each contestant; 5 by default
  --only A,B    contestants whose names have one of these in them, and the references
  --into A      postgres, libsql, mysql, duckdb or pglite; all of them by default
  --rows N,M    everybody at these sizes, instead of 10 thousand, 100 thousand and a million`;

interface GivenOptions {
  readonly quick: boolean;
  readonly rounds?: string;
  readonly only?: string;
  readonly into?: string;
  readonly rows?: string;
}

/** Reads the words. Returns what is wrong with them, if anything is. */
export function readOptions(args: readonly string[]): BenchOptions | string {
  let unknown: string | undefined;
  const given = parseArgs([...args], {
    boolean: ["quick"],
    string: ["rounds", "only", "into", "rows"],
    unknown: (word: string) => {
      unknown ??= word;
      return false;
    },
  }) as GivenOptions;
  if (unknown !== undefined) return `Unknown: ${unknown}`;
  const rounds = Number(given.rounds ?? (given.quick ? 2 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) return "--rounds takes a number from 1 on";
  const rows = given.rows?.split(",").map(Number);
  if (rows?.some((n) => !Number.isInteger(n) || n < 1)) return "--rows takes numbers from 1 on";
  const into = DATABASES.filter((database) => given.into === undefined || given.into === database);
  if (into.length === 0) return `--into takes ${DATABASES.join(" or ")}`;
  return {
    into,
    quick: given.quick,
    rounds,
    only: given.only?.split(",").map((name) => name.trim().toLowerCase()) ?? [],
    ...(rows === undefined ? {} : { rows }),
  };
}
