/**
 * Compiles the codec from AssemblyScript to WebAssembly.
 *
 * `deno run -A tools/build_codec.ts [--force] [--quiet]` brings `host/codec/dist/` up to date.
 */
import { fromFileUrl, join, relative } from "@std/path";
import { messageOf } from "../src/model/errors.ts";
import { compileAssembly, modified, newest } from "./assembly_script.ts";
import { writeAtomic } from "../host/platform/atomic_write.ts";

const CODEC = fromFileUrl(new URL("../host/codec/", import.meta.url));

/** What to build, and where to say so. */
export interface CodecBuildOptions {
  /** Builds what is up to date too; false by default. */
  readonly force?: boolean;
  /** Takes one line; nothing is said by default. */
  readonly log?: (line: string) => void;
}

/**
 * Builds the codec's module where it is missing, or older than its sources or this file.
 *
 * @throws {Error} with the compiler's messages if it does not compile.
 */
export async function buildCodec({ force = false, log }: CodecBuildOptions = {}): Promise<void> {
  const sources = join(CODEC, "assembly");
  const file = join(CODEC, "dist", "codec.wasm");
  const sourcesTime = Math.max(await newest(sources), await modified(fromFileUrl(import.meta.url)));
  const built = force || await modified(file) < sourcesTime;
  if (built) {
    const module = await compileAssembly(join(sources, "index.ts"), {
      // Nothing in it asks for an abort, but the compiler would import one all the same.
      flags: ["--enable", "simd", "--use", "abort="],
    });
    await writeAtomic(file, module);
  }
  const { size } = await Deno.stat(file);
  log?.(`${built ? "built" : "fresh"}  ${relative(Deno.cwd(), file)}  ${size} bytes`);
}

if (import.meta.main) {
  try {
    await buildCodec({
      force: Deno.args.includes("--force"),
      log: Deno.args.includes("--quiet") ? () => {} : (line) => console.log(line),
    });
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
