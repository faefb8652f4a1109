/**
 * The codec in WebAssembly, with the same interface as the reference and the same results: what it is
 * not certain of, it hands to the reference, row by row.
 */
import type { Codec } from "./codec.ts";
import { contentHasher } from "./content_hash.ts";
import { readCells } from "./reference/cells.ts";
import { encodeCopy } from "./reference/copy_encoder.ts";
import type { CopyWriter } from "./reference/copy_writer.ts";
import { WasmCells } from "./wasm_cells.ts";
import { WasmCopy } from "./wasm_copy.ts";
import { instantiateCodec } from "./wasm_module.ts";
import { type CodecInstance, isCompiled } from "./wasm_slices.ts";

/**
 * Makes a codec with an instance of its own. The module is read and compiled once a thread.
 *
 * @throws {LoadError} `codec_unreadable` if the module is not built
 */
export async function createWasmCodec(): Promise<Codec> {
  const [exports, contentHash] = await Promise.all([instantiateCodec(), contentHasher()]);
  const instance: CodecInstance = { exports, user: undefined };
  const spare: CopyWriter[] = [];
  return {
    copy: (batch, options) =>
      isCompiled(batch)
        ? new WasmCopy(instance, batch, { ...options, spare })
        : encodeCopy(batch, options),
    cells: (batch, options) =>
      isCompiled(batch) && batch.shape.columns.length > 0
        ? new WasmCells(instance, batch, options)
        : readCells(batch, options),
    contentHash: (batch) => contentHash(batch.bytes),
  };
}
