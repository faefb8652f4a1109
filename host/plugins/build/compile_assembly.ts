/** Compiles AssemblyScript to WebAssembly. */
import { basename, dirname } from "@std/path";

/** How a module is compiled. */
export interface AssemblyOptions {
  /** Further flags of the compiler. */
  readonly flags?: readonly string[];
  /** Whether it is to be compiled soon and not well: a fifth of the time, and a third more bytes. */
  readonly quick?: boolean;
  /** Reads a source by the name that the compiler asks for; null where there is none. */
  readonly readFile: (name: string, baseDir: string) => Promise<string | null>;
}

/**
 * Compiles the module whose first file is named.
 *
 * @throws {Error} with the compiler's messages if it does not compile.
 */
export async function compileAssembly(
  entryFile: string,
  { flags = [], quick = false, readFile }: AssemblyOptions,
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
    ...["--runtime", "stub", quick ? "-O0" : "-O3"],
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
