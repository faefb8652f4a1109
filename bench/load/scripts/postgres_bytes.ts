/**
 * postgres.js alone, by hand, from bytes to bytes: like `postgres_copy.ts`, with an encoder that
 * parses no row.
 */
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { copyWriter } from "./copy_writer.ts";
import { type Job, runJob } from "./job.ts";
import { NdjsonEncoder } from "./ndjson_bytes.ts";

/** What is read, encoded and sent at once. */
const PIECE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

await runJob(async (job: Job): Promise<number> => {
  const encoder = new NdjsonEncoder(job);
  const writer = await copyWriter(job);
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of createReadStream(job.file, { highWaterMark: PIECE_BYTES })) {
    const bytes = Buffer.concat([rest, chunk as Uint8Array]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    rest = bytes.subarray(end);
    await writer.write(encoder.encode(bytes.subarray(0, end)));
  }
  await writer.finish();
  return encoder.rows;
});
