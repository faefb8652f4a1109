/** A PostgreSQL server of the benchmark's own. */
import type postgres from "postgres";
import { type PostgresServer, startPostgres } from "../../test/support/postgres_server.ts";
import { plainPostgres } from "../plain_client.ts";
import type { Place } from "./competitor.ts";
import { type ProcessUse, treeUse } from "./cpu_time.ts";
import { type Dataset, tableStatements } from "./dataset.ts";
import type { DatasetFiles } from "./dataset_files.ts";
import type { LoadTarget } from "./target.ts";

/**
 * The same for everybody. Commits wait for the disk, as they do by default; nothing of the server's
 * own housekeeping begins while somebody is timed: checkpoints are made between the runs.
 */
export const POSTGRES_SETTINGS = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  wal_level: "replica",
  max_wal_size: "8GB",
  checkpoint_timeout: "1h",
  autovacuum: "off",
} as const;

const DATABASE = "bench";

/** Starts the server. */
export async function startPostgresTarget(): Promise<LoadTarget> {
  const server = await startPostgres({ settings: POSTGRES_SETTINGS });
  const maintenance = plainPostgres(server.socketUrl("postgres"));
  await maintenance.unsafe(`CREATE DATABASE ${DATABASE}`);
  const version = await postgresVersion(maintenance);
  await maintenance.end();
  return new PostgresTarget(server, version);
}

/** `PostgreSQL 18.4`. */
export async function postgresVersion(sql: postgres.Sql): Promise<string> {
  const [row] = await sql.unsafe("SELECT current_setting('server_version') AS version");
  return `PostgreSQL ${row!.version}`;
}

/** Rows in a table. */
export async function tableCount(sql: postgres.Sql, { name }: Dataset): Promise<number> {
  const [row] = await sql.unsafe(`SELECT count(*)::int AS rows FROM ${name}`);
  return row!.rows;
}

/** The sum of the hashes of the rows' own text, in which NULL and the empty text differ. */
export async function tableChecksum(sql: postgres.Sql, { name }: Dataset): Promise<string> {
  const [row] = await sql.unsafe(
    `SELECT count(*) AS rows, sum(hashtextextended(t::text, 0)::numeric) AS hashes FROM ${name} t`,
  );
  return `${row!.rows} rows, ${row!.hashes}`;
}

class PostgresTarget implements LoadTarget {
  readonly database = "postgres";
  readonly place: Place;
  readonly version: string;
  readonly #server: PostgresServer;
  readonly #sql: postgres.Sql;

  constructor(server: PostgresServer, version: string) {
    this.#server = server;
    this.version = version;
    const { socketDir: host, port } = server;
    const url = server.socketUrl(DATABASE);
    this.#sql = plainPostgres(url);
    this.place = {
      kind: "postgres",
      postgres: { host, port, user: "postgres", database: DATABASE },
      url,
    };
  }

  async fresh({ dataset }: DatasetFiles): Promise<void> {
    await this.#sql.unsafe(`DROP TABLE IF EXISTS ${dataset.name}`);
    for (const sql of tableStatements(dataset, "postgres")) await this.#sql.unsafe(sql);
    await this.#sql.unsafe("CHECKPOINT");
  }

  count(dataset: Dataset): Promise<number> {
    return tableCount(this.#sql, dataset);
  }

  checksum(dataset: Dataset): Promise<string> {
    return tableChecksum(this.#sql, dataset);
  }

  serverUse(): ProcessUse | undefined {
    return treeUse(this.#server.pids[1]!);
  }

  async close(): Promise<void> {
    await this.#sql.end();
    await this.#server.stop();
  }
}
