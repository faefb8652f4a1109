/**
 * Who meets whom: contestants that load the same rows into the same kind of database, and are timed
 * in turn.
 */
import { bareContestants } from "./bare.ts";
import type { Contestant } from "./contestant.ts";
import type { DatabaseName, DatasetName } from "./dataset.ts";
import { ON_DUCKDB } from "./duckdb_contestants.ts";
import { EMPTY } from "./empty_script.ts";
import {
  LONG_ON_LIBSQL,
  NATIVE_ON_LIBSQL,
  NODE_SQLITE,
  SLOW_ON_LIBSQL,
  SQLITE_SHELL,
  SQLITE_SHELL_UPSERT,
} from "./libsql_contestants.ts";
import { LIBRARIES_ON_MYSQL, LOAD_DATA } from "./mysql_contestants.ts";
import { ONE_ROW_INSERTS, PGLITE_ARGS } from "./pglite_contestants.ts";
import {
  BUILDERS_ON_POSTGRES,
  COPY_SCRIPTS,
  PSQL,
  SLOW_ON_POSTGRES,
} from "./postgres_contestants.ts";
import { DEFAULT, INDEXES_AFTER, snakepipe } from "./snakepipe.ts";

/** See the head of this file. */
export interface Match {
  readonly database: DatabaseName;
  readonly dataset: DatasetName;
  readonly rows: number;
  readonly contestants: readonly Contestant[];
}

/** How large the matches are. */
export interface MatchSizes {
  /** So few that a load is its start. */
  readonly start: number;
  /** Only what comes with the largest match too. */
  readonly small: number;
  /** Where everybody takes part. */
  readonly medium: number;
  readonly large: number;
  /** Rows of a kilobyte. */
  readonly wide: number;
}

/** A whole run. */
export const FULL_SIZES: MatchSizes = {
  start: 10,
  small: 10_000,
  medium: 100_000,
  large: 1_000_000,
  wide: 200_000,
};

/** What there is to know of the program before its matches are made. */
export interface MatchOptions {
  /** Names of the settings that its backends have, by type. */
  readonly settings: Readonly<Record<string, readonly string[]>>;
  /** Every match in this size and with everybody, instead of the usual ones. */
  readonly rows?: readonly number[];
}

/** Every match, PostgreSQL's first. */
export function matches(sizes: MatchSizes, options: MatchOptions): Match[] {
  const roster = rosterOf(options);
  if (options.rows !== undefined) {
    return options.rows.flatMap((rows) => everyMatch(roster, sizes, rows));
  }
  return [
    startMatch("postgres", sizes),
    ...postgresMatches(roster.postgres, sizes),
    startMatch("libsql", sizes),
    ...libsqlMatches(roster.libsql, sizes),
    ...furtherMatches([sizes.medium, sizes.large]),
  ];
}

/** snakepipe as it comes and nobody else, at these sizes. */
export function plainMatches(sizes: readonly number[]): Match[] {
  const contestants = [snakepipe({ name: DEFAULT })];
  return (["postgres", "libsql"] as const).flatMap((database) =>
    sizes.map((rows): Match => ({ database, dataset: "nodes", rows, contestants }))
  );
}

/** The match without those who take no part in it. */
export function without(
  match: Match,
  takesPart: (contestant: Contestant) => boolean,
): Match | undefined {
  const contestants = match.contestants.filter((c) => c.side === "reference" || takesPart(c));
  return contestants.every((c) => c.side === "reference") ? undefined : { ...match, contestants };
}

function startMatch(database: DatabaseName, { start }: MatchSizes): Match {
  const contestants = [EMPTY, snakepipe({ name: DEFAULT })];
  return { database, dataset: "nodes", rows: start, contestants };
}

/** Databases that are loaded into beside their own tools alone. */
function furtherMatches(sizes: readonly number[]): Match[] {
  const asItComes = snakepipe({ name: DEFAULT });
  const everySize = (database: DatabaseName, contestants: readonly Contestant[]) =>
    sizes.map((rows): Match => ({ database, dataset: "nodes", rows, contestants }));
  return [
    ...everySize("mysql", [...LOAD_DATA, asItComes, ...LIBRARIES_ON_MYSQL]),
    ...everySize("duckdb", [...ON_DUCKDB, asItComes]),
    ...everySize("pglite", [ONE_ROW_INSERTS, snakepipe({ name: DEFAULT, args: PGLITE_ARGS })])
      .slice(0, 1),
  ];
}

function postgresMatches(
  { few, formats, many }: Roster["postgres"],
  { small, medium, large, wide }: MatchSizes,
): Match[] {
  const nodes = { database: "postgres", dataset: "nodes" } as const;
  return [
    { ...nodes, rows: small, contestants: few },
    { ...nodes, rows: medium, contestants: [...few, ...COPY_SCRIPTS, ...SLOW_ON_POSTGRES] },
    { ...nodes, rows: large, contestants: [...many, ...BUILDERS_ON_POSTGRES] },
    { ...nodes, dataset: "narrow", rows: large, contestants: formats },
    { ...nodes, dataset: "wide", rows: wide, contestants: formats },
    { ...nodes, dataset: "indexed", rows: large, contestants: INTO_INDEXES },
  ];
}

function libsqlMatches(
  { few, many }: Roster["libsql"],
  { small, medium, large, wide }: MatchSizes,
): Match[] {
  const nodes = { database: "libsql", dataset: "nodes" } as const;
  return [
    { ...nodes, rows: small, contestants: few },
    { ...nodes, rows: medium, contestants: [...few, ...SLOW_ON_LIBSQL] },
    { ...nodes, rows: large, contestants: [...many, ...LONG_ON_LIBSQL] },
    { ...nodes, dataset: "narrow", rows: large, contestants: few },
    { ...nodes, dataset: "wide", rows: wide, contestants: few },
    { ...nodes, dataset: "filled", rows: large, contestants: UPSERTING },
  ];
}

/** Who loads into an empty table with a key and indexes. */
const INTO_INDEXES: readonly Contestant[] = [
  PSQL[0]!,
  snakepipe({ name: DEFAULT }),
  snakepipe({ name: INDEXES_AFTER, args: ["--indexes", "after"] }),
];

/** Who updates rows that are there. */
const UPSERTING: readonly Contestant[] = [
  SQLITE_SHELL_UPSERT,
  snakepipe({ name: DEFAULT }),
  NODE_SQLITE,
];

/** Contestants by how many of them take part. */
interface Roster {
  readonly postgres: {
    readonly few: readonly Contestant[];
    readonly formats: readonly Contestant[];
    readonly many: readonly Contestant[];
  };
  readonly libsql: { readonly few: readonly Contestant[]; readonly many: readonly Contestant[] };
}

function rosterOf(options: MatchOptions): Roster {
  const [reference, ...others] = PSQL;
  const single = formatContestants(options);
  const few = [reference!, snakepipe({ name: DEFAULT }), ...single];
  const fewLibsql = [SQLITE_SHELL, snakepipe({ name: DEFAULT }), NODE_SQLITE];
  return {
    postgres: {
      few,
      formats: [...few, COPY_SCRIPTS[0]!],
      many: [
        ...few,
        ...others,
        snakepipe({ name: `${DEFAULT}, CSV`, csv: true }),
        ...connectionContestants(),
        ...batchContestants([5_000, 20_000, 50_000]),
        ...bareContestants("postgres"),
        ...COPY_SCRIPTS,
      ],
    },
    libsql: {
      few: fewLibsql,
      many: [
        ...fewLibsql,
        snakepipe({ name: `${DEFAULT}, CSV`, csv: true }),
        ...batchContestants([5_000, 50_000]),
        ...bareContestants("libsql"),
        ...NATIVE_ON_LIBSQL,
      ],
    },
  };
}

function everyMatch(roster: Roster, sizes: MatchSizes, rows: number): Match[] {
  const wide = Math.min(rows, sizes.wide);
  const { postgres, libsql } = roster;
  return [
    startMatch("postgres", sizes),
    startMatch("libsql", sizes),
    {
      database: "postgres",
      dataset: "nodes",
      rows,
      contestants: [...postgres.many, ...SLOW_ON_POSTGRES],
    },
    { database: "postgres", dataset: "narrow", rows, contestants: postgres.formats },
    { database: "postgres", dataset: "wide", rows: wide, contestants: postgres.formats },
    { database: "postgres", dataset: "indexed", rows, contestants: INTO_INDEXES },
    {
      database: "libsql",
      dataset: "nodes",
      rows,
      contestants: [...libsql.many, ...SLOW_ON_LIBSQL],
    },
    { database: "libsql", dataset: "narrow", rows, contestants: libsql.few },
    { database: "libsql", dataset: "wide", rows: wide, contestants: libsql.few },
    { database: "libsql", dataset: "filled", rows, contestants: UPSERTING },
    ...furtherMatches([rows]),
  ];
}

/** Names of the contestants with one connection, by the format of the COPY. */
export const ONE_CONNECTION = {
  text: `${DEFAULT}, 1 connection, text`,
  binary: `${DEFAULT}, 1 connection, binary`,
} as const;

function formatContestants({ settings }: MatchOptions): Contestant[] {
  const known = settings.postgresql?.includes("copyFormat") ?? false;
  const absence = { absence: "the plugin has no setting copyFormat" };
  return (["text", "binary"] as const).map((format) =>
    snakepipe(
      {
        name: ONE_CONNECTION[format],
        args: ["--connections", "1", "--set", `copyFormat=${format}`],
      },
      known ? {} : absence,
    )
  );
}

/** Name of the contestant with that many connections, everything else as it comes. */
export function connectionsName(count: number): string {
  return `${DEFAULT}, ${count} connection${count === 1 ? "" : "s"}`;
}

/** How many connections are tried. */
export const CONNECTIONS: readonly number[] = [1, 2, 4];

function connectionContestants(): Contestant[] {
  return CONNECTIONS.map((count) =>
    snakepipe({ name: connectionsName(count), args: ["--connections", String(count)] }, {
      variant: true,
    })
  );
}

function batchContestants(sizes: readonly number[]): Contestant[] {
  return sizes.map((rows) => {
    const name = `${DEFAULT}, batches of ${rows / 1_000}k rows`;
    return snakepipe({ name, args: ["--batch-rows", String(rows)] }, { variant: true });
  });
}
