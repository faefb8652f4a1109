/** Runs a compiler of this machine. */

/** A compiler that is not here, or cannot make WebAssembly: the message says what to install. */
export class NoCompilerError extends Error {}

/** What a compiler has said, and how it ended. */
export interface CompilerRun {
  readonly success: boolean;
  readonly out: string;
  readonly err: string;
}

/** Runs it to its end; undefined where there is no such program. */
export async function runCompiler(
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<CompilerRun | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      ...{ args: [...args], stdin: "null", stdout: "piped", stderr: "piped" },
      ...(cwd === undefined ? {} : { cwd }),
    }).output();
    const decoder = new TextDecoder();
    return { success, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Hands over a folder for what a compiler writes, and removes it. */
export async function withScratch<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_build_" });
  try {
    return await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
