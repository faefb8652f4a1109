/**
 * Turso's own rewrite of SQLite, as the README of `@tursodatabase/database` has it: one prepared
 * statement, one transaction. Runs under Node, where the benchmark has installed it.
 */
import { databaseOf, type Job, rowChunks, runJob } from "./job.ts";
import { insertStatement, type SqliteValue, sqliteValues } from "./sqlite_values.ts";

/** What of it is used; it is no dependency of this project, which has no types of it. */
interface Database {
  prepare(sql: string): { run(...values: readonly SqliteValue[]): Promise<unknown> };
  exec(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

const PACKAGE: string = "@tursodatabase/database";
const ROWS_PER_CHUNK = 1_000;

await runJob(async (job: Job): Promise<number> => {
  const { connect } = await import(PACKAGE) as { connect(path: string): Promise<Database> };
  const database = await connect(databaseOf(job));
  await database.exec("PRAGMA synchronous = NORMAL");
  const insert = database.prepare(insertStatement(job, 1));
  const values = sqliteValues(job);
  let count = 0;
  await database.exec("BEGIN");
  for await (const rows of rowChunks(job.file, ROWS_PER_CHUNK)) {
    for (const row of rows) await insert.run(...values(row));
    count += rows.length;
  }
  await database.exec("COMMIT");
  await database.close();
  return count;
});
