/**
 * Where a load goes: an empty database of a family, and a way to look into it that shares no code
 * with the drivers.
 */
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import postgres from "postgres";

/** The families that are tried. */
export type Family = "postgres" | "libsql";

/** See the head of this file. */
export interface Place {
  readonly family: Family;
  /** For `--to`. */
  readonly url: string;
  /** For `--table`. */
  readonly table: string;
  /** File for the rows that are left out. */
  readonly rejects: string;
  /** How a statement names one of its tables. */
  sqlName(table: string): string;
  /** Names of the tables that are there. */
  tables(): Promise<readonly string[]>;
  /** Runs a query; every expression must be text or null. */
  rows(sql: string): Promise<(string | null)[][]>;
  execute(sql: string): Promise<void>;
  /** The words that make the table of the sources. */
  readonly columns: string;
  remove(): Promise<void>;
}

/** A server or a folder that has room for many of them. */
export interface Places extends AsyncDisposable {
  readonly family: Family;
  next(): Promise<Place>;
}

/** Schemas of one database, which is created on the server and dropped at the end. */
export async function postgresPlaces(serverUrl: string, folder: string): Promise<Places> {
  const name = `snakepipe_crash_${crypto.randomUUID().slice(0, 8)}`;
  const options = { fetch_types: false, onnotice: () => {} };
  const admin = postgres(serverUrl, { ...options, max: 1 });
  await admin.unsafe(`CREATE DATABASE ${name}`);
  const url = serverUrl.replace(/\/[^/]*$/, `/${name}`);
  const sql = postgres(url, { ...options, max: 4 });
  let count = 0;
  return {
    family: "postgres",
    async next() {
      const schema = `place${++count}`;
      await sql.unsafe(`CREATE SCHEMA ${schema}`);
      return postgresPlace(sql, { url, schema, rejects: join(folder, `${schema}.rejects`) });
    },
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 });
      await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end({ timeout: 5 });
    },
  };
}

function postgresPlace(
  sql: postgres.Sql,
  { url, schema, rejects }: Pick<Place, "url" | "rejects"> & { readonly schema: string },
): Place {
  const rows = async (text: string) =>
    [...await sql.unsafe(text).values()] as unknown as (string | null)[][];
  return {
    family: "postgres",
    url,
    table: `${schema}.t`,
    rejects,
    columns: "id bigint NOT NULL, label text, amount bigint CHECK (amount >= 0)",
    sqlName: (table) => `${schema}.${table}`,
    tables: async () => {
      const found = await rows(
        `SELECT tablename::text FROM pg_tables WHERE schemaname = '${schema}'`,
      );
      return found.map(([name]) => name!);
    },
    rows,
    execute: async (text) => void await sql.unsafe(text),
    remove: async () => {
      await sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
      await removeFile(rejects);
    },
  };
}

/** Files, each in a folder of its own. */
export function libsqlPlaces(folder: string): Places {
  let count = 0;
  return {
    family: "libsql",
    async next() {
      const own = join(folder, `place${++count}`);
      await Deno.mkdir(own);
      return libsqlPlace(own);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A file in a folder that is there already; removing it leaves the folder. */
export function libsqlPlace(folder: string): Place {
  const path = join(folder, "target.db");
  const look = <T>(use: (db: DatabaseSync) => T): Promise<T> => {
    const db = new DatabaseSync(path, { timeout: 5_000 });
    try {
      return Promise.resolve(use(db));
    } finally {
      db.close();
    }
  };
  const rows = (sql: string) =>
    look((db) => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement.all() as unknown as (string | null)[][];
    });
  return {
    family: "libsql",
    url: `libsql:${path}`,
    table: "t",
    rejects: join(folder, "rejects"),
    columns: "id INTEGER NOT NULL, label TEXT, amount INTEGER CHECK (amount >= 0)",
    sqlName: (table) => table,
    tables: async () => {
      const found = await rows("SELECT name FROM sqlite_schema WHERE type = 'table'");
      return found.map(([name]) => name!).filter((name) => !name.startsWith("sqlite_"));
    },
    rows,
    execute: (sql) => look((db) => db.exec(sql)),
    remove: async () => {
      for (const suffix of ["", "-wal", "-shm", "-journal"]) {
        await removeFile(path + suffix);
      }
      await removeFile(join(folder, "rejects"));
    },
  };
}

async function removeFile(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
