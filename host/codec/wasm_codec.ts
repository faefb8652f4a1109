/**
 * The codec in WebAssembly, with the same interface as the reference and the same results: what it is
 * not certain of, it hands to the reference, row by row.
 */
import type { Codec, ImageRoom } from "./codec.ts";
import { type ChunkMemory, chunkMemory } from "./record_chunks.ts";
import type { CopyWriter } from "./reference/copy_writer.ts";
import { createReferenceCodec } from "./reference/reference_codec.ts";
import { WasmCells } from "./wasm_cells.ts";
import { WasmCopy } from "./wasm_copy.ts";
import { WasmImage } from "./wasm_image.ts";
import { streamImage } from "./wasm_image_stream.ts";
import { openStream } from "./wasm_stream.ts";
import { type CodecExports, instanceOf, instantiateCodec } from "./wasm_module.ts";
import { type CodecInstance, isCompiled } from "./wasm_slices.ts";

/**
 * Makes a codec with an instance of its own: of the module that another thread has compiled, where it
 * is handed over.
 *
 * @throws {LoadError} `codec_unreadable` if the module is not built
 */
export async function createWasmCodec(module?: WebAssembly.Module): Promise<Codec> {
  const another = () => module ? instanceOf(module) : instantiateCodec();
  return await codecOf(another(), another);
}

/** The codec on an instance, which is nobody else's; streams have one of their own, made when needed. */
export async function codecOf(
  instantiated: Promise<CodecExports>,
  another: () => Promise<CodecExports> = instantiateCodec,
): Promise<Codec> {
  let chunks: Promise<ChunkMemory> | undefined;
  const [exports, reference] = await Promise.all([instantiated, createReferenceCodec()]);
  const instance: CodecInstance = { exports, user: undefined };
  const spare: CopyWriter[] = [];
  const room: ImageRoom = { bytes: new Uint8Array(0) };
  return {
    copy: (batch, options) =>
      isCompiled(batch)
        ? new WasmCopy(instance, batch, { ...options, spare })
        : reference.copy(batch, options),
    cells: (batch, options) =>
      isCompiled(batch) && batch.shape.columns.length > 0
        ? new WasmCells(instance, batch, options)
        : reference.cells(batch, options),
    image: (batch, options) =>
      isCompiled(batch) && batch.shape.columns.length > 0
        ? new WasmImage(instance, batch, { ...options, room })
        : undefined,
    contentHash: reference.contentHash,
    stream: async (records, bytes, options) =>
      openStream(await (chunks ??= another().then(chunkMemory)), records, { bytes, options }),
    streamImage: async (records, bytes, { room, ...options }) =>
      await streamImage(await (chunks ??= another().then(chunkMemory)), records, {
        ...{ bytes, options, room },
      }),
  };
}
