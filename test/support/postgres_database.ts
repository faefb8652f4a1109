/** A database of its own for every test, on the server that `test/run.ts` has started. */
import postgres from "postgres";

/** What a test gets: where its database is, and a client of its own to look into it. */
export type WithDatabase = (
  /** TCP, as superuser, with the password. */
  url: string,
  /** A plain client on the same database, independent of the driver under test. */
  sql: postgres.Sql,
  /** The same database through the Unix socket. */
  socketUrl: string,
) => Promise<void>;

/** URL of the test server's maintenance database, TCP, superuser. */
export function testServerUrl(): string {
  return variable("SNAKEPIPE_TEST_POSTGRES");
}

/** The same through the Unix socket. */
export function testServerSocketUrl(): string {
  return variable("SNAKEPIPE_TEST_POSTGRES_SOCKET");
}

/** Creates a database, hands it over and drops it again, whatever happens in between. */
export async function withDatabase(use: WithDatabase): Promise<void> {
  const name = `snakepipe_test_${crypto.randomUUID().slice(0, 8)}`;
  const admin = client(testServerUrl());
  try {
    // By the log, as is the default, it would take the server twice the CPU.
    await admin.unsafe(`CREATE DATABASE ${name} STRATEGY FILE_COPY`);
    const url = onDatabase(testServerUrl(), name);
    const sql = client(url);
    try {
      await use(url, sql, onDatabase(testServerSocketUrl(), name));
    } finally {
      await sql.end({ timeout: 5 });
      await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  } finally {
    await admin.end({ timeout: 5 });
  }
}

function client(url: string): postgres.Sql {
  return postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
}

function onDatabase(url: string, name: string): string {
  const [head, query] = url.split("?");
  const base = head!.slice(0, head!.lastIndexOf("/"));
  return `${base}/${name}${query === undefined ? "" : `?${query}`}`;
}

function variable(name: string): string {
  const value = Deno.env.get(name);
  if (value) return value;
  throw new Error(`${name} is not set: run these tests by "deno task test", which starts a server`);
}
