/**
 * pg with pg-copy-streams and a file that COPY reads as it is, the example of its README: nothing is
 * parsed, so this is what the client costs alone. `file` is CSV here.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from } from "pg-copy-streams";
import { type Job, postgresOf, runJob } from "./job.ts";

await runJob(async (job: Job): Promise<number> => {
  const client = new pg.Client({ ...postgresOf(job) });
  await client.connect();
  const columns = job.columns.map((c) => c.name).join(", ");
  const copy = client.query(
    from(`COPY ${job.table} (${columns}) FROM STDIN WITH (FORMAT csv, HEADER true)`),
  );
  await pipeline(createReadStream(job.file), copy);
  await client.end();
  return copy.rowCount;
});
