/**
 * `@libsql/client`, as https://docs.turso.tech/sdk/ts/reference#batch-transactions has it: a
 * `batch` of statements, one for each row, is one transaction.
 */
import { createClient } from "@libsql/client";
import { databaseOf, type Job, rowChunks, runJob } from "./job.ts";
import { insertStatement, sqliteValues } from "./sqlite_values.ts";

/** 100 and 10,000 were slower. */
const ROWS_PER_BATCH = 1_000;

await runJob(async (job: Job): Promise<number> => {
  const client = createClient({ url: `file:${databaseOf(job)}` });
  await client.execute("PRAGMA synchronous = NORMAL");
  const sql = insertStatement(job, 1);
  const values = sqliteValues(job);
  let count = 0;
  for await (const rows of rowChunks(job.file, ROWS_PER_BATCH)) {
    await client.batch(rows.map((row) => ({ sql, args: values(row) })), "write");
    count += rows.length;
  }
  client.close();
  return count;
});
