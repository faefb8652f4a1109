import type { DatasetFiles } from "./dataset_files.ts";
import type { ProcessOrder } from "./process.ts";
import type { MysqlPlace, PostgresPlace } from "./scripts/job.ts";
import type { ToolName } from "./tools.ts";

/** What to load, and where to. */
export interface Assignment {
  readonly files: DatasetFiles;
  readonly place: Place;
  /** In how many transactions snakepipe has loaded these rows; absent before it has. */
  readonly transactions?: number;
}

/** Where the table is. */
export type Place =
  | { readonly kind: "postgres"; readonly postgres: PostgresPlace; readonly url: string }
  | { readonly kind: "mysql"; readonly mysql: MysqlPlace; readonly url: string }
  | { readonly kind: "libsql" | "duckdb"; readonly database: string };

/**
 * - `reference`: the database's own tool, which the others are compared with
 * - `ours`: snakepipe
 * - `bare`: snakepipe without a part of itself, to see what the part costs
 * - `others`: everybody else
 */
export type Side = "reference" | "ours" | "bare" | "others";

/** Who loads: what is asked of a competitor, and what it is told. */
export interface Competitor {
  /** Unique within a comparison. */
  readonly name: string;
  readonly side: Side;
  /** Programs that it is nothing without. */
  readonly needs?: readonly ToolName[];
  /** Why it cannot take part, known beforehand. */
  readonly absence?: string;
  /** Whether it takes so long that a short run is one without it; false by default. */
  readonly slow?: boolean;
  /** Whether it is another competitor with one knob turned; false by default. */
  readonly variant?: boolean;
  /** Whether it loads nothing, and only shows what a start costs; false by default. */
  readonly idle?: boolean;
  /**
   * What its input makes of NULL: from CSV, SQLite's tools know none and store the empty text, so
   * that their tables are compared with everybody's as if NULL were that. `kept` by default.
   */
  readonly nulls?: "kept" | "emptied";
  /** What to run, from start to committed rows; what it needs is ready when this is called. */
  command(assignment: Assignment): ProcessOrder | Promise<ProcessOrder>;
  /** What it says of itself. */
  ownFigures?(stdout: string): OwnFigures | undefined;
}

/** What a competitor says it took; its start and its end are seldom in it. */
export interface OwnFigures {
  readonly seconds?: number;
  readonly rows?: number;
  readonly transactions?: number;
}

/** Own figures of whoever prints `{"rows": …, "seconds": …}` last. */
export function jsonFigures(stdout: string): OwnFigures | undefined {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) return undefined;
  const { rows, committed, seconds, batches } = JSON.parse(line) as {
    rows?: number;
    committed?: number;
    seconds?: number;
    batches?: number;
  };
  const count = rows ?? committed;
  return {
    ...(count === undefined ? {} : { rows: count }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(batches === undefined ? {} : { transactions: batches }),
  };
}
