/**
 * What the scripts of the competitors have in common: what they are told, how they read it, and what
 * they say in the end. Runs under Deno and, without its types, under Node.
 */
import { createReadStream } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";

/** What a script is to do; its only argument, as JSON. */
export interface Job {
  /** NDJSON. */
  readonly file: string;
  readonly table: string;
  readonly columns: readonly JobColumn[];
  /** Where PostgreSQL is: `host` is the folder of its Unix socket. */
  readonly postgres?: PostgresPlace;
  /** Where MariaDB is. */
  readonly mysql?: MysqlPlace;
  /** The file of a SQLite or DuckDB database. */
  readonly database?: string;
  /** Columns by which rows are updated that are there; none where rows are only added. */
  readonly keys?: readonly string[];
}

/** A column of the table. */
export interface JobColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** See {@linkcode Job.postgres}; the names are those of the clients' own options. */
export interface PostgresPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** See {@linkcode Job.mysql}; the names are those of the clients' own options. */
export interface MysqlPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A row as JSON.parse gives it. */
export type JsonRow = Record<string, unknown>;

/** Reads the argument. */
function readJob(): Job {
  return JSON.parse(process.argv[2]!) as Job;
}

/** Where PostgreSQL is. @throws {Error} if the job is one for a file */
export function postgresOf(job: Job): PostgresPlace {
  if (job.postgres === undefined) throw new Error("The job names no PostgreSQL server");
  return job.postgres;
}

/** Where MariaDB is. @throws {Error} if the job is one for another database */
export function mysqlOf(job: Job): MysqlPlace {
  if (job.mysql === undefined) throw new Error("The job names no MariaDB server");
  return job.mysql;
}

/** The database file. @throws {Error} if the job is one for a server */
export function databaseOf(job: Job): string {
  if (job.database === undefined) throw new Error("The job names no database file");
  return job.database;
}

/** The rows of the file, that many at a time, as Node's manual reads a file line by line. */
export async function* rowChunks(file: string, rowsMax: number): AsyncGenerator<JsonRow[]> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let rows: JsonRow[] = [];
  for await (const line of lines) {
    rows.push(JSON.parse(line) as JsonRow);
    if (rows.length < rowsMax) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** Runs a load and prints how many rows that were, and its own idea of how long it took. */
export async function runJob(load: (job: Job) => Promise<number>): Promise<void> {
  const began = performance.now();
  const rows = await load(readJob());
  console.log(JSON.stringify({ rows, seconds: (performance.now() - began) / 1_000 }));
}
