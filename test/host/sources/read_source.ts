/** What a source gives, for the tests of sources. */
import type { Source } from "../../../host/sources/source.ts";
import { Batcher, type BatchLimits, type RawBatch } from "../../../src/batching/batcher.ts";

const LIMITS: BatchLimits = { rowsMax: 1000, bytesMax: 1 << 20, recordBytesMax: 1 << 20 };

/** All batches of a source. */
export async function readBatches(source: Source, limits = LIMITS): Promise<RawBatch[]> {
  await using batcher = new Batcher(source.parts(), limits);
  const batches: RawBatch[] = [];
  for (let batch; (batch = await batcher.next()) !== undefined;) batches.push(batch);
  return batches;
}

/** The records of a batch as text, white space at their ends left out. */
export function recordsOf(batch: RawBatch): string[] {
  const decoder = new TextDecoder();
  return [...batch.offsets].slice(1).map((end, row) =>
    decoder.decode(batch.bytes.subarray(batch.offsets[row], end)).trim()
  );
}

/** All records of a source as text. */
export async function readRecords(source: Source): Promise<string[]> {
  return (await readBatches(source)).flatMap(recordsOf);
}

/** Runs `test` with a directory of its own that holds these files. */
export async function withFiles(
  files: Record<string, string | Uint8Array>,
  test: (directory: string) => Promise<void> | void,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "snakepipe-" });
  try {
    for (const [path, content] of Object.entries(files)) {
      const full = `${directory}/${path}`;
      await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
      if (typeof content === "string") await Deno.writeTextFile(full, content);
      else await Deno.writeFile(full, content);
    }
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
