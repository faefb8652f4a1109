/** The decoder beside another one, on modules of several compilers: the same instructions, one by one. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { BinaryReader } from "wasmparser";
import { ByteReader, DecodeError } from "../../../../host/plugins/sandbox/byte_reader.ts";
import { type DecodedModule, decodeModule } from "../../../../host/plugins/sandbox/decode.ts";
import { readInstruction, valueType } from "../../../../host/plugins/sandbox/instruction.ts";
import { buildCodec } from "../../../../tools/build_codec.ts";
import { buildPlugins } from "../../../../tools/build_plugins.ts";

const ROOT = fromFileUrl(new URL("../../../..", import.meta.url));
/** The other one's BinaryReaderState, which is there for compilers only. */
const STATE = { error: -1, import: 12, export: 17, function: 28, instruction: 30 };
/** Compiled from C, with what its compilers do. */
const GRAMMARS = fromFileUrl(
  new URL("out/", import.meta.resolve("tree-sitter-wasms/package.json")),
);

/** Where each instruction of each function ends, as the decoder under test has it. */
function ownEnds({ bodies }: DecodedModule): number[][] {
  return bodies.map((whole) => {
    const body = new ByteReader(whole.bytes, whole.at, whole.end);
    for (let groups = body.u32(); groups > 0; groups--) {
      body.u32();
      valueType(body);
    }
    const ends: number[] = [];
    while (!body.done) {
      readInstruction(body);
      ends.push(body.at);
    }
    return ends;
  });
}

interface Read {
  readonly ends: number[][];
  readonly imports: string[];
  readonly exports: string[];
}

/** The same as the other one has it. */
function otherRead(bytes: Uint8Array): Read {
  const reader = new BinaryReader();
  reader.setData(bytes.slice().buffer, 0, bytes.length);
  const read: Read = { ends: [], imports: [], exports: [] };
  const text = (name: Uint8Array) => new TextDecoder().decode(name);
  while (reader.read()) {
    switch (Number(reader.state)) {
      case STATE.import: {
        const entry = reader.result as unknown as { module: Uint8Array; field: Uint8Array };
        read.imports.push(`${text(entry.module)} ${text(entry.field)}`);
        break;
      }
      case STATE.export:
        read.exports.push(text((reader.result as unknown as { field: Uint8Array }).field));
        break;
      case STATE.function:
        read.ends.push([]);
        break;
      case STATE.instruction:
        read.ends.at(-1)!.push(reader.position);
        break;
    }
  }
  if (Number(reader.state) === STATE.error) throw reader.error;
  return read;
}

function compare(bytes: Uint8Array, name: string): void {
  const module = decodeModule(bytes);
  const other = otherRead(bytes);
  assertEquals(module.imports.map((i) => `${i.module} ${i.name}`), other.imports, name);
  assertEquals(module.exports.map((e) => e.name), other.exports, name);
  const base = ownEnds(module);
  assertEquals(base.length, other.ends.length, name);
  // Bodies are read within their section: offsets differ by where it begins.
  const shift = (other.ends[0]?.[0] ?? 0) - (base[0]?.[0] ?? 0);
  for (const [i, ends] of base.entries()) {
    assertEquals(ends.map((end) => end + shift), other.ends[i], `${name}, function ${i}`);
  }
}

Deno.test("decoder reads plugins and codec of this repository as another one does", async () => {
  const plugins = await buildPlugins();
  await buildCodec();
  for (
    const file of [
      ...plugins.map(({ name }) => `plugins/dist/${name}.wasm`),
      "host/codec/dist/codec.wasm",
    ]
  ) compare(await Deno.readFile(join(ROOT, file)), file);
});

Deno.test("decoder reads modules from C as another one does, or says which limit they are beyond", async () => {
  let read = 0;
  for await (const { name } of Deno.readDir(GRAMMARS)) {
    try {
      compare(await Deno.readFile(join(GRAMMARS, name)), name);
      read++;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      assert(/at most \d+$/.test(error.message), `${name}: ${error.message}`);
    }
  }
  assert(read >= 20, `${read}`);
});
