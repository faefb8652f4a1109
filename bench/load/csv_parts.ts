/** A CSV file cut between its records, without its header. */
import type { DatasetFiles } from "./dataset_files.ts";

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Files of about the same size, in order; made once and kept beside the whole one. */
export async function csvParts({ csv }: DatasetFiles, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, i) => `${csv}.${i + 1}_of_${count}`);
  const made = await Deno.stat(names.at(-1)!).then(() => true, () => false);
  if (made) return names;
  const bytes = await Deno.readFile(csv);
  let from = recordEnd(bytes, 0, 1);
  const size = (bytes.length - from) / count;
  for (const [i, name] of names.entries()) {
    const to = i === count - 1 ? bytes.length : recordEnd(bytes, from, size);
    await Deno.writeFile(name, bytes.subarray(from, to));
    from = to;
  }
  return names;
}

/** Where the record ends that has the byte which lies so many behind the beginning of a record. */
function recordEnd(bytes: Uint8Array, begin: number, length: number): number {
  let quoted = false;
  for (let i = begin; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) quoted = !quoted;
    if (bytes[i] === LINE_FEED && !quoted && i + 1 - begin >= length) return i + 1;
  }
  return bytes.length;
}
