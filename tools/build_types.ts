/**
 * Writes the types of `mod.ts` as `.d.ts` files that stand by themselves: those that `deno pack`
 * makes from what is exported, for which every public name has its type written beside it.
 */
import { dirname, fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
/** A block of a tar archive (POSIX, ustar), in which a file's head takes one. */
const BLOCK = 512;

/** @throws {Error} with what the runtime says if it fails */
export async function writeTypes(folder: string): Promise<void> {
  const archive = await Deno.makeTempFile({ suffix: ".tgz" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["pack", "--allow-dirty", "--no-source-maps", "--output", archive],
      cwd: ROOT,
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`deno pack failed: ${new TextDecoder().decode(stderr)}`);
    for (const { path, text } of filesOf(await unzipped(archive))) {
      if (!path.endsWith(".d.ts")) continue;
      const file = join(folder, path.replace(/^package\//, ""));
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeTextFile(file, readableTypes(text));
    }
  } finally {
    await Deno.remove(archive);
  }
}

/** What they import is beside them, and Deno wants whole names; a comment stands before `readonly`. */
function readableTypes(text: string): string {
  return text.replace(/(from "\.[^"]*)\.js"/g, '$1.d.ts"')
    // Behind it, one of several lines would make a member of that name.
    .replace(/\breadonly (\/\*\*[\s\S]*?\*\/) /g, "$1 readonly ");
}

async function unzipped(file: string): Promise<Uint8Array> {
  const { readable } = await Deno.open(file);
  const bytes = readable.pipeThrough(new DecompressionStream("gzip"));
  return await new Response(bytes).bytes();
}

function* filesOf(tar: Uint8Array): Generator<{ path: string; text: string }> {
  const decoder = new TextDecoder();
  const field = (at: number, length: number) =>
    decoder.decode(tar.subarray(at, at + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = parseInt(field(at + 124, 12), 8);
    const [name, prefix] = [field(at, 100), field(at + 345, 155)];
    const start = at + BLOCK;
    yield {
      path: prefix === "" ? name : `${prefix}/${name}`,
      text: decoder.decode(tar.subarray(start, start + size)),
    };
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}
