/** Whether a database file has a write-ahead log. */
import { isThere } from "../../platform/is_there.ts";

/**
 * Whether a file is in WAL mode and nobody has it open, so that there is no log beside it; SQLite makes
 * two files there as soon as it reads it. By the "file format version numbers" of the header:
 * https://www.sqlite.org/fileformat.html#file_format_version_numbers
 */
export async function isWalAtRest(path: string): Promise<boolean> {
  return await isWal(path) && !await isThere(`${path}-wal`);
}

async function isWal(path: string): Promise<boolean> {
  const head = new Uint8Array(20);
  using file = await Deno.open(path);
  return await file.read(head) === head.length && head[18] === 2 && head[19] === 2;
}
