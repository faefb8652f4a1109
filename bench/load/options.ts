/** The command line of the benchmark. */
import { parseArgs } from "@std/cli/parse-args";
import { type DatabaseName, DATABASES } from "./dataset.ts";

/** What was asked for. */
export interface BenchOptions {
  /**
   * - `whole`: everybody, for figures to quote
   * - `fast`: everybody but those who take longest, for figures of this machine
   * - `short`: ours and the databases' own tools on few rows, to see that everything works
   * - `cpu`: snakepipe alone, for about how much CPU of the client a million rows take
   * - `observed`: snakepipe alone, seen by an audit log, by telemetry, by its page, and not at all
   * - `worst`: nobody; shows the worst figures of the runs that are kept
   */
  readonly run: "whole" | "fast" | "short" | "cpu" | "observed" | "worst";
  /** Timed runs of each competitor; 5 by default. */
  readonly rounds: number;
  /** Parts of names of competitors; beside them only the references take part. Everybody if empty. */
  readonly only: readonly string[];
  /** The databases to load into; all of them by default. */
  readonly into: readonly DatabaseName[];
  /** Sizes to measure everybody at, instead of the usual ones. */
  readonly rows?: readonly number[];
  /** Whether plugins, codec and program are taken as they stand; else they are built. */
  readonly built: boolean;
}

/** How the benchmark is called. */
export const USAGE =
  `deno task bench:load [--fast | --short | --cpu | --observed | --worst] [--rounds N]
                     [--only NAME,…] [--into DATABASE,…] [--rows N,…] [--built]

  --fast        without those who take half a minute and more for a million rows
  --short       few rows, ours and the databases' own tools: whether everything works
  --cpu         about how much CPU of the client a million rows take, beside what is recorded for this
                processor, in a few seconds
  --observed    what it costs a load to be seen: audit log, OpenTelemetry, page, all of them
  --worst       measures nothing: shows the worst figures of the runs that are kept
  --rounds N    timed runs of each competitor; 5 by default
  --only A,B    competitors whose names have one of these in them, and the references
  --into A,B    postgres, libsql, mysql, duckdb or pglite; all of them by default
  --rows N,M    everybody at these sizes, instead of 10 thousand, 100 thousand and a million
  --built       builds nothing`;

interface GivenOptions {
  readonly fast: boolean;
  readonly short: boolean;
  readonly cpu: boolean;
  readonly observed: boolean;
  readonly worst: boolean;
  readonly built: boolean;
  readonly rounds?: string;
  readonly only?: string;
  readonly into?: string;
  readonly rows?: string;
}

/** Reads the words. Returns what is wrong with them, if anything is. */
export function readOptions(args: readonly string[]): BenchOptions | string {
  let unknown: string | undefined;
  const given = parseArgs([...args], {
    boolean: ["fast", "short", "cpu", "observed", "worst", "built"],
    string: ["rounds", "only", "into", "rows"],
    unknown: (word: string) => {
      unknown ??= word;
      return false;
    },
  }) as GivenOptions;
  if (unknown !== undefined) return `Unknown: ${unknown}`;
  const kinds = (["fast", "short", "cpu", "observed", "worst"] as const).filter((kind) =>
    given[kind]
  );
  if (kinds.length > 1) return `Take one of --${kinds.join(" and --")}`;
  const rounds = Number(given.rounds ?? 5);
  if (!Number.isInteger(rounds) || rounds < 1) return "--rounds takes a number from 1 on";
  const rows = words(given.rows)?.map(Number);
  if (rows?.some((n) => !Number.isInteger(n) || n < 1)) return "--rows takes numbers from 1 on";
  const wanted = words(given.into) ?? DATABASES;
  const into = DATABASES.filter((database) => wanted.includes(database));
  if (into.length !== wanted.length) return `--into takes ${DATABASES.join(" or ")}`;
  return {
    run: kinds[0] ?? "whole",
    into,
    rounds,
    only: words(given.only?.toLowerCase()) ?? [],
    built: given.built,
    ...(rows === undefined ? {} : { rows }),
  };
}

function words(text: string | undefined): readonly string[] | undefined {
  return text?.split(",").map((word) => word.trim());
}
