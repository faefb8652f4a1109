/**
 * kysely, as https://kysely.dev/docs/examples/insert/multiple-rows has it, in one transaction.
 */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { type Job, type JsonRow, postgresOf, rowChunks, runJob } from "./job.ts";

/** 500 and as many as the protocol takes were no faster. */
const ROWS_PER_STATEMENT = 1_000;

await runJob(async (job: Job): Promise<number> => {
  const database = new Kysely<Record<string, JsonRow>>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...postgresOf(job), max: 1 }) }),
  });
  let count = 0;
  await database.transaction().execute(async (transaction) => {
    for await (const rows of rowChunks(job.file, ROWS_PER_STATEMENT)) {
      await transaction.insertInto(job.table).values(rows).execute();
      count += rows.length;
    }
  });
  await database.destroy();
  return count;
});
