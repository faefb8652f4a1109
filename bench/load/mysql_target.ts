/** A MariaDB server of the benchmark's own. */
import { createConnection } from "mysql2/promise";
import { type MariadbServer, startMariadb } from "../../test/support/mariadb_server.ts";
import type { Place } from "./competitor.ts";
import { type ProcessUse, treeUse } from "./cpu_time.ts";
import { type Dataset, tableStatements } from "./dataset.ts";
import type { DatasetFiles } from "./dataset_files.ts";
import type { LoadTarget } from "./target.ts";

/** The same for everybody. Commits wait for the disk, and a load fits into log and memory. */
export const MYSQL_SETTINGS = {
  "innodb-flush-log-at-trx-commit": "1",
  "innodb-buffer-pool-size": "1G",
  "innodb-log-file-size": "1G",
  "local-infile": "1",
} as const;

const DATABASE = "bench";

type Client = Awaited<ReturnType<typeof createConnection>>;

/** Starts the server. @throws {Error} where its binaries are not here */
export async function startMysqlTarget(): Promise<LoadTarget> {
  const server = await startMariadb({ settings: MYSQL_SETTINGS });
  const client = await createConnection(server.url(""));
  await client.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await client.query(`USE ${DATABASE}`);
  const [rows] = await client.query("SELECT version() AS v");
  const version = `MariaDB ${(rows as { readonly v: string }[])[0]!.v}`;
  return new MysqlTarget(server, client, version);
}

class MysqlTarget implements LoadTarget {
  readonly database = "mysql";
  readonly place: Place;
  readonly version: string;
  readonly #server: MariadbServer;
  readonly #client: Client;

  constructor(server: MariadbServer, client: Client, version: string) {
    this.version = version;
    this.#server = server;
    this.#client = client;
    const { port, password } = server;
    this.place = {
      kind: "mysql",
      mysql: { host: "127.0.0.1", port, user: "tester", password, database: DATABASE },
      url: server.url(DATABASE),
    };
  }

  async fresh({ dataset }: DatasetFiles): Promise<void> {
    await this.#client.query(`DROP TABLE IF EXISTS ${dataset.name}`);
    for (const sql of tableStatements(dataset, "mysql")) await this.#client.query(sql);
  }

  async count({ name }: Dataset): Promise<number> {
    return Number(await this.#one(`SELECT count(*) AS v FROM ${name}`));
  }

  /** The sum of a hash of each row, whose cells are quoted, so that NULL and texts differ. */
  async checksum({ name, columns }: Dataset, nulls: "kept" | "emptied"): Promise<string> {
    const cells = columns.map((c) => nulls === "kept" ? c.name : `ifnull(${c.name}, '')`);
    const row = `concat_ws(',', ${cells.map((cell) => `quote(${cell})`).join(", ")})`;
    return await this.#one(
      `SELECT concat(count(*), ' rows, ', sum(cast(conv(left(md5(${row}), 12), 16, 10) AS unsigned))) AS v ` +
        `FROM ${name}`,
    );
  }

  serverUse(): ProcessUse | undefined {
    return treeUse(this.#server.pid);
  }

  async close(): Promise<void> {
    await this.#client.end();
    await this.#server.stop();
  }

  async #one(sql: string): Promise<string> {
    const [rows] = await this.#client.query(sql);
    return String((rows as { readonly v: unknown }[])[0]!.v);
  }
}
