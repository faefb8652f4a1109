/** Compiles a plugin in C to WebAssembly, by the clang of this machine. */
import { basename, dirname, join, resolve } from "@std/path";
import { NoCompilerError, runCompiler, withScratch } from "./native_compiler.ts";

const MISSING = "clang and wasm-ld compile plugins in C, and are not both here: install them, on " +
  "Debian and Ubuntu by apt install clang lld";
/** Bytes of the stack: texts lie elsewhere. */
const STACK_BYTES = 16 * 1024;
const FLAGS = [
  ...["--target=wasm32", "-std=c11", "-ffreestanding", "-nostdlib", "-mbulk-memory", "-Oz"],
  ...["-Wall", "-Wextra", "-Wno-unused-function", "-fvisibility=hidden", "-fno-color-diagnostics"],
  ...[
    "--no-entry",
    "--gc-sections",
    "--strip-all",
    "--compress-relocations",
    `-zstack-size=${STACK_BYTES}`,
  ]
    .map((flag) => `-Wl,${flag}`),
];

/**
 * Compiles all `.c` files in the folder of the first one; it finds `snakepipe.h` in the folder of the kit.
 * It is as small, and as soon done, whether it is to be quick or not.
 *
 * @throws {Error} with the compiler's messages if it does not compile; {NoCompilerError} without one
 */
export async function compileC(entry: string, kit: string): Promise<Uint8Array> {
  const folder = dirname(resolve(entry));
  const files: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.endsWith(".c")) files.push(name);
  }
  return await withScratch(async (scratch) => {
    const out = join(scratch, "module.wasm");
    const args = [...FLAGS, `-I${resolve(kit)}`, "-o", out, ...files.sort()];
    // Relative to the folder, names in messages say nothing of the machine.
    const run = await runCompiler("clang", args, folder);
    if (
      !run || /wasm-ld.*(doesn't exist|not found|No such file)|No available targets/.test(run.err)
    ) {
      throw new NoCompilerError(MISSING);
    }
    if (!run.success) throw new Error(`Source does not compile: ${basename(entry)}\n${run.err}`);
    return await Deno.readFile(out);
  });
}
