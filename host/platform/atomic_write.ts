/** Files that are there whole, or as they were before. */
import { draftOf, syncFolder, writeAll } from "./held_file.ts";

/**
 * Writes a file in one piece: whoever reads it meanwhile finds the old one or the new one. The new one
 * has the permissions of the old one; a link in its place is replaced, not followed.
 */
export async function writeAtomic(file: string, contents: Uint8Array): Promise<void> {
  const folder = /^(.*[\\/])[^\\/]*$/.exec(file)?.[1];
  if (folder !== undefined) await Deno.mkdir(folder, { recursive: true });
  const mode = await modeOf(file);
  const draft = draftOf(file);
  try {
    {
      using opened = await Deno.open(draft, { write: true, createNew: true, ...mode });
      await writeAll(opened, contents);
      await opened.sync();
    }
    await Deno.rename(draft, file);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
  await syncFolder(file);
}

async function modeOf(file: string): Promise<{ readonly mode?: number }> {
  const info = await Deno.lstat(file).catch(() => undefined);
  return info?.isFile && info.mode !== null ? { mode: info.mode & 0o777 } : {};
}
