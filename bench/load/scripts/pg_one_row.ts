/** node-postgres: an INSERT for each row, prepared once, in one transaction. */
import pg from "pg";
import { type Job, postgresOf, rowChunks, runJob } from "./job.ts";

await runJob(async (job: Job): Promise<number> => {
  const client = new pg.Client({ ...postgresOf(job) });
  await client.connect();
  const names = job.columns.map((c) => c.name);
  const places = names.map((_, i) => `$${i + 1}`);
  const text = `INSERT INTO ${job.table} (${names.join(", ")}) VALUES (${places.join(", ")})`;
  let count = 0;
  // PGlite has one session, which keeps the statements of whoever came before.
  await client.query("DEALLOCATE ALL");
  await client.query("BEGIN");
  for await (const rows of rowChunks(job.file, 1_000)) {
    for (const row of rows) {
      await client.query({ name: "insert", text, values: names.map((name) => row[name]) });
    }
    count += rows.length;
  }
  await client.query("COMMIT");
  await client.end();
  return count;
});
