/** What is known of MySQL and MariaDB before their driver is loaded. */
import type { DriverFamily } from "../driver_family.ts";

/** See {@linkcode DriverFamily}. */
export const MYSQL_FAMILY: DriverFamily = {
  name: "mysql",
  schemes: ["mysql", "mariadb"],
  examples: ["mysql://user@host/database"],
  blocks: false,
  packages: ["mysql2", "node-sql-parser/build/mysql"],
  // Bundled, they ask for modules of Node's in a way that a bundle has not.
  unbundled: { mysql2: ["createConnection"], "node-sql-parser/build/mysql": [] },
  load: async () => (await import("./driver.ts")).mysqlDriver,
  conformance: async () => (await import("./conformance.ts")).MYSQL_CONFORMANCE,
};
