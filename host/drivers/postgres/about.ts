/** What is known of PostgreSQL before its driver is loaded. */
import type { DriverFamily } from "../driver_family.ts";

/** See {@linkcode DriverFamily}. */
export const POSTGRES_FAMILY: DriverFamily = {
  name: "postgres",
  schemes: ["postgres", "postgresql"],
  examples: ["postgres://user@host/database"],
  blocks: false,
  packages: ["postgres", "libpg-query", "pg/lib/crypto/sasl.js", "pg-error-enum"],
  compiled: { "libpg-query": "PgQueryModule" },
  load: async () => (await import("./driver.ts")).postgresDriver,
  conformance: async () => (await import("./conformance.ts")).POSTGRES_CONFORMANCE,
};
