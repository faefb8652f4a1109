/** A database of its own for every test, on a MariaDB server; tests are skipped where there is none. */
import type { Connection } from "mysql2/promise";
import { mariadbBinaries } from "./mariadb_server.ts";
import { testWhere } from "./test_where.ts";

/** Why there is no server on this machine; undefined where there is one. */
export const MARIADB_MISSING: string | undefined = mariadbBinaries()
  ? undefined
  : "mariadbd or mariadb-install-db is not here";

/** A database that a test may fill, and a client of its own to look into it. */
export interface MariadbDatabase {
  readonly name: string;
  /** TCP, as a user with all privileges. */
  readonly url: string;
  readonly client: Connection;
  /** The same as another user: `name:password`. */
  urlAs(user: string): string;
  /** Runs statements. */
  execute(...statements: string[]): Promise<void>;
  /** Rows of a query, each value as text. */
  query(sql: string): Promise<(string | null)[][]>;
}

/** Declares a test that needs a server; it is skipped, by its name, where the binaries are missing. */
export function mariadbTest(name: string, use: (db: MariadbDatabase) => Promise<void>): void {
  testWhere(MARIADB_MISSING, `mariadb: ${name}`, () => withMariadb(use));
}

/** Creates a database, hands it over and drops it again, whatever happens in between. */
export async function withMariadb(use: (db: MariadbDatabase) => Promise<void>): Promise<void> {
  const name = `test_${crypto.randomUUID().slice(0, 8)}`;
  const url = testServerUrl() + name;
  const client = await connect(testServerUrl());
  try {
    await client.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await client.query(`USE ${name}`);
    await use({
      name,
      url,
      client,
      urlAs: (user) => url.replace(/\/\/.*@/, `//${user}@`),
      async execute(...statements) {
        for (const sql of statements) await client.query(sql);
      },
      async query(sql) {
        const [rows] = await client.query({ sql, rowsAsArray: true });
        return (rows as unknown[][]).map((row) => row.map((v) => v === null ? null : String(v)));
      },
    });
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.end();
  }
}

/** URL of the test server, without a database. */
export function testServerUrl(): string {
  const url = Deno.env.get("SNAKEPIPE_TEST_MARIADB");
  if (url) return url;
  throw new Error(
    'SNAKEPIPE_TEST_MARIADB is not set: run these tests by "deno task test", which starts a server',
  );
}

/** A client that shares nothing with the driver but its library. */
export async function connect(url: string): Promise<Connection> {
  const { createConnection } = await import("mysql2/promise");
  const { hostname, port, username, password, pathname } = new URL(url);
  return await createConnection({
    host: hostname,
    port: Number(port),
    user: username,
    password,
    database: decodeURIComponent(pathname.slice(1)),
    charset: "utf8mb4_bin",
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    multipleStatements: true,
  });
}
