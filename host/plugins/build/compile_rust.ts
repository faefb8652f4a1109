/** Compiles a plugin in Rust to WebAssembly, by a rustc of this machine that can. */
import { basename, dirname, join, resolve } from "@std/path";
import { NoCompilerError, runCompiler, withScratch } from "./native_compiler.ts";

const TARGET = "wasm32-unknown-unknown";
const MISSING = `No rustc here compiles for ${TARGET}: rustup target add ${TARGET}, or on Debian ` +
  "and Ubuntu apt install rustc lld libstd-rust-dev-wasm32";
/** Where a rustc may be: one that is first in the path may lack the target that another one has. */
const COMPILERS = ["rustc", "/usr/bin/rustc"];
/** Bytes of the stack: texts lie elsewhere. */
const STACK_BYTES = 16 * 1024;
const COMMON = ["--edition", "2021", "--target", TARGET, "-C", "panic=abort", "--color", "never"];
const SMALL = [
  ...["-C", "opt-level=z", "-C", "lto=fat", "-C", "codegen-units=1", "-C", "strip=symbols"],
  ...["-C", "link-arg=--compress-relocations"],
];
const QUICK = ["-C", "opt-level=1", "-C", "debuginfo=0"];

/** The kit as it was compiled last: between two saves of a plugin it hardly ever changes. */
let compiledKit: {
  readonly rustc: string;
  readonly text: string;
  readonly library: Uint8Array;
} | undefined;

/** Looked for once: it takes as long as compiling. */
let found: Promise<string> | undefined;

/**
 * Compiles the crate whose first file is named, without what Cargo would look up; it finds the crate
 * `snakepipe` in the folder of the kit. `quick` leaves out what makes it small.
 *
 * @throws {Error} with the compiler's messages if it does not compile; {NoCompilerError} without one
 */
export async function compileRust(
  entry: string,
  kit: string,
  { quick = false }: { readonly quick?: boolean } = {},
): Promise<Uint8Array> {
  found ??= findCompiler();
  const rustc = await found.catch((error) => {
    // It may be installed meanwhile.
    found = undefined;
    throw error;
  });
  const well = quick ? QUICK : SMALL;
  return await withScratch(async (scratch) => {
    const out = join(scratch, "module.wasm");
    const library = join(scratch, "libsnakepipe.rlib");
    // Names in messages say nothing of the machine.
    const common = [...COMMON, "--remap-path-prefix", `${resolve(kit)}=kit`];
    const source = join(resolve(kit), "src", "lib.rs");
    const text = await Deno.readTextFile(source);
    if (compiledKit?.rustc !== rustc || compiledKit.text !== text) {
      await compiled(rustc, [
        ...common,
        // What is linked whole is optimised then.
        ...["-C", "opt-level=z", "--crate-type", "rlib", "--crate-name", "snakepipe"],
        ...["-o", library, source],
      ], entry);
      compiledKit = { rustc, text, library: await Deno.readFile(library) };
    } else await Deno.writeFile(library, compiledKit.library);
    await compiled(rustc, [
      ...common,
      ...well,
      ...["-C", `link-arg=-zstack-size=${STACK_BYTES}`, "--extern", `snakepipe=${library}`],
      ...["--crate-type", "cdylib", "--crate-name", "plugin", "-o", out, basename(entry)],
    ], entry);
    return await Deno.readFile(out);
  });
}

async function compiled(rustc: string, args: readonly string[], entry: string): Promise<void> {
  const run = await runCompiler(rustc, args, dirname(resolve(entry)));
  if (!run) throw new NoCompilerError(MISSING);
  if (!run.success) throw new Error(`Source does not compile: ${basename(entry)}\n${run.err}`);
}

/** One whose folder for the target is there: each names that, whether it has it or not. */
async function findCompiler(): Promise<string> {
  for (const rustc of COMPILERS) {
    const run = await runCompiler(rustc, ["--print", "target-libdir", "--target", TARGET]);
    const folder = run?.success ? run.out.trim() : "";
    if (folder !== "" && await Deno.stat(folder).catch(() => undefined)) return rustc;
  }
  throw new NoCompilerError(MISSING);
}
