/**
 * knex on libSQL: its dialect for better-sqlite3 on the native package `libsql`, which has the same
 * interface, and `batchInsert` in a transaction, as https://knexjs.org/guide/utility.html#batchinsert
 * has it.
 */
import knex from "knex";
import BetterSqlite from "knex/lib/dialects/better-sqlite3/index.js";
import libsql from "libsql";
import { databaseOf, type Job, rowChunks, runJob } from "./job.ts";
import { sqliteValue } from "./sqlite_values.ts";

/** knex joins a SELECT for each row by UNION ALL, of which SQLite takes 500; 30 and 400 were slower. */
const ROWS_PER_STATEMENT = 100;
/** Rows that are read at once. */
const ROWS_PER_CALL = 1_000;

class LibsqlDialect extends BetterSqlite {
  _driver() {
    return libsql;
  }
}

await runJob(async (job: Job): Promise<number> => {
  const database = knex({
    client: LibsqlDialect as unknown as typeof knex.Client,
    connection: { filename: databaseOf(job) },
    useNullAsDefault: true,
  });
  await database.raw("PRAGMA synchronous = NORMAL");
  let count = 0;
  await database.transaction(async (transaction) => {
    for await (const rows of rowChunks(job.file, ROWS_PER_CALL)) {
      const bound = rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, sqliteValue(value)]))
      );
      await transaction.batchInsert(job.table, bound, ROWS_PER_STATEMENT);
      count += rows.length;
    }
  });
  await database.destroy();
  return count;
});
