import { bareCompetitors } from "./bare.ts";
import type { Competitor } from "./competitor.ts";
import type { DatabaseName, DatasetName } from "./dataset.ts";
import { ON_DUCKDB } from "./duckdb_competitors.ts";
import { EMPTY } from "./empty_script.ts";
import {
  LONG_ON_LIBSQL,
  NATIVE_ON_LIBSQL,
  NODE_SQLITE,
  SLOW_ON_LIBSQL,
  SQLITE_SHELL,
  SQLITE_SHELL_UPSERT,
} from "./libsql_competitors.ts";
import { LIBRARIES_ON_MYSQL, LOAD_DATA } from "./mysql_competitors.ts";
import { ONE_ROW_INSERTS, PGLITE_ARGS } from "./pglite_competitors.ts";
import {
  BUILDERS_ON_POSTGRES,
  COPY_SCRIPTS,
  PSQL,
  SLOW_ON_POSTGRES,
} from "./postgres_competitors.ts";
import { DEFAULT, INDEXES_AFTER, snakepipe } from "./snakepipe.ts";

/**
 * Who meets whom: competitors that load the same rows into the same kind of database, and are timed
 * in turn.
 */
export interface Comparison {
  readonly database: DatabaseName;
  readonly dataset: DatasetName;
  readonly rows: number;
  readonly competitors: readonly Competitor[];
}

/** How large the comparisons are. */
export interface ComparisonSizes {
  /** So few that a load is its start. */
  readonly start: number;
  /** Only what comes with the largest comparison too. */
  readonly small: number;
  /** Where everybody takes part. */
  readonly medium: number;
  readonly large: number;
  /** Rows of a kilobyte. */
  readonly wide: number;
}

/** A whole run. */
export const FULL_SIZES: ComparisonSizes = {
  start: 10,
  small: 10_000,
  medium: 100_000,
  large: 1_000_000,
  wide: 200_000,
};

/** What there is to know of the program before its comparisons are made. */
export interface ComparisonOptions {
  /** Names of the settings that its backends have, by type. */
  readonly settings: Readonly<Record<string, readonly string[]>>;
  /** Every comparison in this size and with everybody, instead of the usual ones. */
  readonly rows?: readonly number[];
}

/** Every comparison, PostgreSQL's first. */
export function comparisons(sizes: ComparisonSizes, options: ComparisonOptions): Comparison[] {
  const roster = rosterOf(options);
  if (options.rows !== undefined) {
    return options.rows.flatMap((rows) => everyComparison(roster, sizes, rows));
  }
  return [
    startComparison("postgres", sizes),
    ...postgresComparisons(roster.postgres, sizes),
    startComparison("libsql", sizes),
    ...libsqlComparisons(roster.libsql, sizes),
    ...furtherComparisons([sizes.medium, sizes.large]),
  ];
}

/** snakepipe as it comes and nobody else, at these sizes. */
export function plainComparisons(sizes: readonly number[]): Comparison[] {
  const competitors = [snakepipe({ name: DEFAULT })];
  return (["postgres", "libsql"] as const).flatMap((database) =>
    sizes.map((rows): Comparison => ({ database, dataset: "nodes", rows, competitors }))
  );
}

/** The comparison without those who take no part in it. */
export function without(
  comparison: Comparison,
  takesPart: (competitor: Competitor) => boolean,
): Comparison | undefined {
  const competitors = comparison.competitors.filter((c) => c.side === "reference" || takesPart(c));
  return competitors.every((c) => c.side === "reference")
    ? undefined
    : { ...comparison, competitors };
}

function startComparison(database: DatabaseName, { start }: ComparisonSizes): Comparison {
  const competitors = [EMPTY, snakepipe({ name: DEFAULT })];
  return { database, dataset: "nodes", rows: start, competitors };
}

/** Databases that are loaded into beside their own tools alone. */
function furtherComparisons(sizes: readonly number[]): Comparison[] {
  const asItComes = snakepipe({ name: DEFAULT });
  const everySize = (database: DatabaseName, competitors: readonly Competitor[]) =>
    sizes.map((rows): Comparison => ({ database, dataset: "nodes", rows, competitors }));
  return [
    ...everySize("mysql", [...LOAD_DATA, asItComes, ...LIBRARIES_ON_MYSQL]),
    ...everySize("duckdb", [...ON_DUCKDB, asItComes]),
    ...everySize("pglite", [ONE_ROW_INSERTS, snakepipe({ name: DEFAULT, args: PGLITE_ARGS })])
      .slice(0, 1),
  ];
}

function postgresComparisons(
  { few, formats, many }: Roster["postgres"],
  { small, medium, large, wide }: ComparisonSizes,
): Comparison[] {
  const nodes = { database: "postgres", dataset: "nodes" } as const;
  return [
    { ...nodes, rows: small, competitors: few },
    { ...nodes, rows: medium, competitors: [...few, ...COPY_SCRIPTS, ...SLOW_ON_POSTGRES] },
    { ...nodes, rows: large, competitors: [...many, ...BUILDERS_ON_POSTGRES] },
    { ...nodes, dataset: "narrow", rows: large, competitors: formats },
    { ...nodes, dataset: "wide", rows: wide, competitors: formats },
    { ...nodes, dataset: "indexed", rows: large, competitors: INTO_INDEXES },
  ];
}

function libsqlComparisons(
  { few, many }: Roster["libsql"],
  { small, medium, large, wide }: ComparisonSizes,
): Comparison[] {
  const nodes = { database: "libsql", dataset: "nodes" } as const;
  return [
    { ...nodes, rows: small, competitors: few },
    { ...nodes, rows: medium, competitors: [...few, ...SLOW_ON_LIBSQL] },
    { ...nodes, rows: large, competitors: [...many, ...LONG_ON_LIBSQL] },
    { ...nodes, dataset: "narrow", rows: large, competitors: few },
    { ...nodes, dataset: "wide", rows: wide, competitors: few },
    { ...nodes, dataset: "filled", rows: large, competitors: UPSERTING },
  ];
}

/** Who loads into an empty table with a key and indexes. */
const INTO_INDEXES: readonly Competitor[] = [
  PSQL[0]!,
  snakepipe({ name: DEFAULT }),
  snakepipe({ name: INDEXES_AFTER, args: ["--indexes", "after"] }),
];

/** Who updates rows that are there. */
const UPSERTING: readonly Competitor[] = [
  SQLITE_SHELL_UPSERT,
  snakepipe({ name: DEFAULT }),
  NODE_SQLITE,
];

/** Competitors by how many of them take part. */
interface Roster {
  readonly postgres: {
    readonly few: readonly Competitor[];
    readonly formats: readonly Competitor[];
    readonly many: readonly Competitor[];
  };
  readonly libsql: { readonly few: readonly Competitor[]; readonly many: readonly Competitor[] };
}

function rosterOf(options: ComparisonOptions): Roster {
  const [reference, ...others] = PSQL;
  const single = formatCompetitors(options);
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
        ...connectionCompetitors(),
        ...batchCompetitors([5_000, 20_000, 50_000]),
        ...bareCompetitors("postgres"),
        ...COPY_SCRIPTS,
      ],
    },
    libsql: {
      few: fewLibsql,
      many: [
        ...fewLibsql,
        snakepipe({ name: `${DEFAULT}, CSV`, csv: true }),
        ...batchCompetitors([5_000, 50_000]),
        ...bareCompetitors("libsql"),
        ...NATIVE_ON_LIBSQL,
      ],
    },
  };
}

function everyComparison(roster: Roster, sizes: ComparisonSizes, rows: number): Comparison[] {
  const wide = Math.min(rows, sizes.wide);
  const { postgres, libsql } = roster;
  return [
    startComparison("postgres", sizes),
    startComparison("libsql", sizes),
    {
      database: "postgres",
      dataset: "nodes",
      rows,
      competitors: [...postgres.many, ...SLOW_ON_POSTGRES],
    },
    { database: "postgres", dataset: "narrow", rows, competitors: postgres.formats },
    { database: "postgres", dataset: "wide", rows: wide, competitors: postgres.formats },
    { database: "postgres", dataset: "indexed", rows, competitors: INTO_INDEXES },
    {
      database: "libsql",
      dataset: "nodes",
      rows,
      competitors: [...libsql.many, ...SLOW_ON_LIBSQL],
    },
    { database: "libsql", dataset: "narrow", rows, competitors: libsql.few },
    { database: "libsql", dataset: "wide", rows: wide, competitors: libsql.few },
    { database: "libsql", dataset: "filled", rows, competitors: UPSERTING },
    ...furtherComparisons([rows]),
  ];
}

/** Names of the competitors with one connection, by the format of the COPY. */
export const ONE_CONNECTION = {
  text: `${DEFAULT}, 1 connection, text`,
  binary: `${DEFAULT}, 1 connection, binary`,
} as const;

function formatCompetitors({ settings }: ComparisonOptions): Competitor[] {
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

/** Name of the competitor with that many connections, everything else as it comes. */
export function connectionsName(count: number): string {
  return `${DEFAULT}, ${count} connection${count === 1 ? "" : "s"}`;
}

/** How many connections are tried. */
export const CONNECTIONS: readonly number[] = [1, 2, 4];

function connectionCompetitors(): Competitor[] {
  return CONNECTIONS.map((count) =>
    snakepipe({ name: connectionsName(count), args: ["--connections", String(count)] }, {
      variant: true,
    })
  );
}

function batchCompetitors(sizes: readonly number[]): Competitor[] {
  return sizes.map((rows) => {
    const name = `${DEFAULT}, batches of ${rows / 1_000}k rows`;
    return snakepipe({ name, args: ["--batch-rows", String(rows)] }, { variant: true });
  });
}
