/** What is known of MySQL and MariaDB before their driver is loaded. */
import type { DriverFamily } from "../driver_family.ts";

/** See {@linkcode DriverFamily}. */
export const MYSQL_FAMILY: DriverFamily = {
  name: "mysql",
  schemes: ["mysql", "mariadb"],
  examples: ["mysql://user@host/database"],
  blocks: false,
  // InnoDB's writers wait for each other, spinning: on two cores, two of them made a million rows into a
  // table without a key cost the server 5.7 s of CPU where one cost 3.9, and took longer.
  coresOfLane: 2,
  packages: ["mysql2", "node-sql-parser/build/mysql"],
  // Bundled, they ask for modules of Node's in a way that a bundle has not.
  unbundled: { mysql2: ["createConnection"], "node-sql-parser/build/mysql": [] },
  load: async () => (await import("./driver.ts")).mysqlDriver,
  conformance: async () => (await import("./conformance.ts")).MYSQL_CONFORMANCE,
};
