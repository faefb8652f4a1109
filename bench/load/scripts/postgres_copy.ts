/** postgres.js alone, by hand: rows by JSON.parse, COPY text by an encoder of one's own. */
import { copyPieces } from "./copy_text.ts";
import { copyWriter } from "./copy_writer.ts";
import { type Job, runJob } from "./job.ts";

await runJob(async (job: Job): Promise<number> => {
  const writer = await copyWriter(job);
  let rows = 0;
  for await (const piece of copyPieces(job, (count) => rows += count)) await writer.write(piece);
  await writer.finish();
  return rows;
});
