/** Compiles a plugin that is written with the kit. */
import { join, resolve } from "@std/path";
import { type AssemblyOptions, compileAssembly } from "./compile_assembly.ts";

/** How the compiler asks for a file of the kit, whatever package directory it looks in. */
const KIT_FILE = /^(?:.*[\\/])?@snakepipe[\\/]kit[\\/](?:assembly[\\/])?(.+)$/;

/**
 * Compiles the plugin whose first file is named; it finds the kit as `@snakepipe/kit` in the folder
 * `kit`.
 *
 * @throws {Error} with the compiler's messages if it does not compile.
 */
export async function compileWithKit(
  entryFile: string,
  kit: string,
  { quick = false }: Pick<AssemblyOptions, "quick"> = {},
): Promise<Uint8Array> {
  return await compileAssembly(resolve(entryFile), {
    quick,
    readFile: async (name, baseDir) => {
      const ofKit = KIT_FILE.exec(name)?.[1];
      return await readSource(ofKit === undefined ? resolve(baseDir, name) : join(kit, ofKit));
    },
    // Without this the module would import an `abort` from `env`, and be refused.
    flags: ["--use", "abort=~lib/@snakepipe/kit/entry/abort"],
  });
}

/** The text of a source file; null where there is none. */
export async function readSource(file: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
