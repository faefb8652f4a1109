/** Hears of saves in folders: one for what an editor does in several steps. */
import { join } from "@std/path";
import { ChangeWatch } from "../../platform/change_watch.ts";

/** Yields once for each save since `before`, until the signal; saves that come meanwhile are one. */
export async function* savesIn(
  folders: readonly string[],
  { before, signal }: { readonly before: string; readonly signal: AbortSignal },
): AsyncGenerator<void> {
  let seen = before;
  let told = before;
  let wake = Promise.withResolvers<void>();
  const stop = () => wake.resolve();
  signal.addEventListener("abort", stop, { once: true });
  await using _watch = new ChangeWatch({
    folders: () => folders,
    recursive: true,
    look: async () => {
      seen = await savedState(folders);
      if (seen !== told) wake.resolve();
    },
    // A folder that goes while it is looked at is looked at again.
    onFailure: () => {},
  });
  try {
    while (!signal.aborted) {
      await wake.promise;
      wake = Promise.withResolvers();
      if (signal.aborted) break;
      if (seen === told) continue;
      told = seen;
      yield;
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What is saved in folders, as a text that is another one after each save. Nothing is opened. */
export async function savedState(folders: readonly string[]): Promise<string> {
  const lines = await Promise.all(folders.map(linesOf));
  return lines.flat().sort().join("\n");
}

async function linesOf(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) {
      lines.push(...await linesOf(path));
      continue;
    }
    // An editor may have taken it away again.
    const info = await Deno.stat(path).catch(() => undefined);
    if (info) lines.push(`${path} ${info.ino} ${info.size} ${info.mtime?.getTime()}`);
  }
  return lines;
}
