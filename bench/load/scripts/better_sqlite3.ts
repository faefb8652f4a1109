/**
 * better-sqlite3, as its documentation has it: one prepared statement and a transaction function,
 * https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md. Runs under Node, where the
 * benchmark has installed it.
 */
import { databaseOf, type Job, type JsonRow, rowChunks, runJob } from "./job.ts";
import { insertStatement, type SqliteValue, sqliteValues } from "./sqlite_values.ts";

/** What of it is used; it is no dependency of this project, which has no types of it. */
interface Database {
  pragma(text: string): unknown;
  prepare(sql: string): { run(values: readonly SqliteValue[]): unknown };
  exec(sql: string): unknown;
  close(): void;
}

const PACKAGE: string = "better-sqlite3";
const ROWS_PER_CHUNK = 1_000;

await runJob(async (job: Job): Promise<number> => {
  const { default: Database } = await import(PACKAGE) as {
    default: new (path: string) => Database;
  };
  const database = new Database(databaseOf(job));
  database.pragma("synchronous = NORMAL");
  const insert = database.prepare(insertStatement(job, 1));
  const values = sqliteValues(job);
  let count = 0;
  // Its transaction function is synchronous, and the file is not read at once.
  database.exec("BEGIN");
  for await (const rows of rowChunks(job.file, ROWS_PER_CHUNK)) {
    for (const row of rows as JsonRow[]) insert.run(values(row));
    count += rows.length;
  }
  database.exec("COMMIT");
  database.close();
  return count;
});
