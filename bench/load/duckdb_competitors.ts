/** Who loads into a DuckDB file, each as its own documentation has it. */
import type { Competitor } from "./competitor.ts";
import { denoScript } from "./script.ts";

/** Name of what the others are compared with. */
export const DUCKDB_REFERENCE = "DuckDB read_json";

/** By the library that snakepipe uses too: DuckDB's reader of the file, and its appender by hand. */
export const ON_DUCKDB: readonly Competitor[] = [
  denoScript("duckdb_read_json", { name: DUCKDB_REFERENCE, side: "reference" }),
  denoScript("duckdb_appender", { name: "DuckDB's appender by hand, JSON.parse" }),
];
