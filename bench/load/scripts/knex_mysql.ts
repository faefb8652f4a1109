/**
 * knex with mysql2, as https://knexjs.org/guide/utility.html#batchinsert has it: `batchInsert` in a
 * transaction of one's own, so that all of the file is one.
 */
import knex from "knex";
import { type Job, mysqlOf, rowChunks, runJob } from "./job.ts";

/** Its default. */
const ROWS_PER_STATEMENT = 1_000;

await runJob(async (job: Job): Promise<number> => {
  const database = knex({
    client: "mysql2",
    connection: { ...mysqlOf(job) },
    pool: { min: 1, max: 1 },
  });
  let count = 0;
  await database.transaction(async (transaction) => {
    for await (const rows of rowChunks(job.file, ROWS_PER_STATEMENT)) {
      await transaction.batchInsert(job.table, rows, ROWS_PER_STATEMENT);
      count += rows.length;
    }
  });
  await database.destroy();
  return count;
});
