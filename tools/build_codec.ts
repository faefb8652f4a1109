/**
 * Compiles the codec from AssemblyScript to WebAssembly.
 *
 * `deno run -A tools/build_codec.ts [--force] [--quiet]` brings `host/codec/dist/` up to date.
 */
import { fromFileUrl, join, resolve } from "@std/path";
import { writeAtomic } from "../host/platform/atomic_write.ts";
import { compileAssembly } from "../host/plugins/build/compile_assembly.ts";
import { readSource } from "../host/plugins/build/compile_plugin.ts";
import {
  bringUpToDate,
  buildByCommand,
  type BuildOptions,
  modified,
  newest,
} from "./up_to_date.ts";

const CODEC = fromFileUrl(new URL("../host/codec/", import.meta.url));

/**
 * Builds the codec's module where it is missing, or older than its sources or this file.
 *
 * @throws {Error} with the compiler's messages if it does not compile.
 */
export async function buildCodec(options: BuildOptions = {}): Promise<void> {
  const sources = join(CODEC, "assembly");
  const file = join(CODEC, "dist", "codec.wasm");
  const times = [await newest(sources), await modified(fromFileUrl(import.meta.url))];
  const make = async () => {
    const module = await compileAssembly(join(sources, "index.ts"), {
      // Nothing in it asks for an abort, but the compiler would import one all the same.
      flags: ["--enable", "simd", "--use", "abort="],
      readFile: (name, baseDir) => readSource(resolve(baseDir, name)),
    });
    await writeAtomic(file, module);
  };
  await bringUpToDate(file, { times, make }, options);
}

if (import.meta.main) await buildByCommand(buildCodec);
