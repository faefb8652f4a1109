/** Who loads into PGlite, over its socket server. */
import type { Competitor } from "./competitor.ts";
import { denoScript } from "./script.ts";

/** Name of what the others are compared with. */
export const PGLITE_REFERENCE = "pg, an INSERT for each row";

/** See {@linkcode PGLITE_REFERENCE}. */
export const ONE_ROW_INSERTS: Competitor = denoScript("pg_one_row", {
  name: PGLITE_REFERENCE,
  side: "reference",
});

/** How snakepipe is told that the server has one session, and no COPY. */
export const PGLITE_ARGS: readonly string[] = ["--set", "bulk=insert", "--connections", "1"];
