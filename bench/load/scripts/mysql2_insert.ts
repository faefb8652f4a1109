/**
 * mysql2: `VALUES ?` with the rows as arrays, as https://sidorares.github.io/node-mysql2/docs has it,
 * in one transaction.
 */
import { createConnection } from "mysql2/promise";
import { type Job, mysqlOf, rowChunks, runJob } from "./job.ts";

/** 500 and 5,000 were no faster. */
const ROWS_PER_STATEMENT = 1_000;

await runJob(async (job: Job): Promise<number> => {
  const connection = await createConnection({ ...mysqlOf(job) });
  const names = job.columns.map((c) => c.name);
  const sql = `INSERT INTO ${job.table} (${names.join(", ")}) VALUES ?`;
  let count = 0;
  await connection.beginTransaction();
  for await (const rows of rowChunks(job.file, ROWS_PER_STATEMENT)) {
    await connection.query(sql, [rows.map((row) => names.map((name) => row[name]))]);
    count += rows.length;
  }
  await connection.commit();
  await connection.end();
  return count;
});
