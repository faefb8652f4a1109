/** Compiles AssemblyScript to WebAssembly, and tells whether that is needed. */
import { basename, dirname, join, resolve } from "@std/path";

/** How a module is compiled. */
export interface AssemblyOptions {
  /** Further flags of the compiler. */
  readonly flags?: readonly string[];
  /** Reads a source by the name that the compiler asks for; null where there is none. */
  readonly readFile?: (name: string, baseDir: string) => Promise<string | null>;
}

/**
 * Compiles the module whose first file is named.
 *
 * @throws {Error} with the compiler's messages if it does not compile.
 */
export async function compileAssembly(
  entryFile: string,
  { flags = [], readFile = readSource }: AssemblyOptions = {},
): Promise<Uint8Array> {
  // Loading the compiler takes longer than finding that there is nothing to compile.
  const { default: asc } = await import("assemblyscript/asc");
  let module: Uint8Array | undefined;
  const { error, stderr } = await asc.main([
    basename(entryFile),
    // Names of sources end up in messages; relative to this they say nothing of the machine.
    ...["--baseDir", dirname(entryFile)],
    ...["--outFile", "module.wasm"],
    // Nothing is freed: an instance makes a few calls and goes, or manages its memory by itself. A
    // collector would be 9 KB more. Optimised for size, a text made of many would be copied once
    // for each of them, and nothing is freed.
    ...["--runtime", "stub", "-O3"],
    ...flags,
    "--noColors",
  ], {
    readFile,
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") module = contents;
    },
    listFiles: () => null,
  });
  if (error || !module) {
    throw new Error(`Source does not compile: ${entryFile}\n${stderr}${error?.message ?? ""}`);
  }
  return module;
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

/** The text of a source file; null where there is none. */
export async function readSource(name: string, baseDir: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(resolve(baseDir, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
