/** Compiles the sources of this repository where they are newer than what was made of them. */
import { join, resolve } from "@std/path";
import { compileAssembly as compile } from "../host/plugins/build/compile_assembly.ts";
import { readSource } from "../host/plugins/build/compile_plugin.ts";

/**
 * Compiles the module whose first file is named, which imports nothing but files beside it.
 *
 * @throws {Error} with the compiler's messages if it does not compile.
 */
export async function compileAssembly(
  entryFile: string,
  { flags = [] }: { readonly flags?: readonly string[] } = {},
): Promise<Uint8Array> {
  return await compile(entryFile, {
    flags,
    readFile: (name, baseDir) => readSource(resolve(baseDir, name)),
  });
}

/** When the newest file below a folder was modified, but for what builds put there. */
export async function newest(folder: string): Promise<number> {
  let latest = 0;
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name === "dist" || entry.name.startsWith(".dist_")) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory ? await newest(path) : await modified(path));
  }
  return latest;
}

/** When a file was modified, in milliseconds since the epoch; 0 where there is none. */
export async function modified(file: string): Promise<number> {
  try {
    return (await Deno.stat(file)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
