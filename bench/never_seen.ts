/**
 * Modules that the engine has not seen, of one that does the same. It keeps what it has compiled for as
 * long as somebody holds it, and custom sections make no other module of it: metered, they are gone.
 */
import { ByteReader } from "../host/plugins/sandbox/byte_reader.ts";
import { ByteWriter } from "../host/plugins/sandbox/byte_writer.ts";
import { decodeModule, MAGIC, SECTION, SECTION_ORDER } from "../host/plugins/sandbox/decode.ts";

const EXPORTED_FUNCTION = 0;

/** Gives the module with one more export each time, whose name was never there. */
export function neverSeen(module: Uint8Array): () => Uint8Array<ArrayBuffer> {
  const { sections } = decodeModule(module);
  const reader = new ByteReader(sections.get(SECTION.export)!);
  const exports = reader.u32();
  const others = reader.bytes.subarray(reader.at);
  let count = 0;
  return () => {
    const all = new ByteWriter(others.length + 32).u32(exports + 1).raw(others)
      .name(`bench_${count++}`).raw([EXPORTED_FUNCTION]).u32(0).take();
    const out = new ByteWriter(module.length + 64).raw(MAGIC);
    for (const id of SECTION_ORDER) {
      const content = id === SECTION.export ? all : sections.get(id);
      if (content) out.raw([id]).sized(content);
    }
    return out.take().slice();
  };
}
