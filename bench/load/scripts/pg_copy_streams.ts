/**
 * pg with pg-copy-streams, as its README has it: `pipeline(source, client.query(from("COPY …")))`.
 * Runs under Deno and Node.
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from } from "pg-copy-streams";
import { copyPieces } from "./copy_text.ts";
import { type Job, postgresOf, runJob } from "./job.ts";

await runJob(async (job: Job): Promise<number> => {
  const client = new pg.Client({ ...postgresOf(job) });
  await client.connect();
  const columns = job.columns.map((c) => c.name).join(", ");
  let rows = 0;
  await pipeline(
    Readable.from(copyPieces(job, (count) => rows += count)),
    client.query(from(`COPY ${job.table} (${columns}) FROM STDIN`)),
  );
  await client.end();
  return rows;
});
