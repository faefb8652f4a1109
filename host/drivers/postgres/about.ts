/** What is known of PostgreSQL before its driver is loaded. */
import type { DriverFamily } from "../driver_family.ts";

/** See {@linkcode DriverFamily}. */
export const POSTGRES_FAMILY: DriverFamily = {
  name: "postgres",
  schemes: ["postgres", "postgresql"],
  otherNames: ["pg", "pgsql"],
  examples: ["postgres://user@host/database"],
  blocks: false,
  packages: ["postgres", "libpg-query", "pg/lib/crypto/sasl.js", "pg-error-enum"],
  compiled: { "libpg-query": "PgQueryModule" },
  standIns: {
    postgres: {
      buffer: "stand_in/buffer.ts",
      crypto: "stand_in/crypto.ts",
      fs: "stand_in/unused.ts",
      net: "stand_in/unused.ts",
      os: "stand_in/unused.ts",
      perf_hooks: "stand_in/perf_hooks.ts",
      stream: "stand_in/stream.ts",
      timers: "stand_in/timers.ts",
      tls: "stand_in/unused.ts",
    },
  },
  load: async () => (await import("./driver.ts")).postgresDriver,
  conformance: async () => (await import("./conformance.ts")).POSTGRES_CONFORMANCE,
};
