import { Buffer } from "node:buffer";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { COLUMN_TYPES } from "../../../src/model/column_type.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Batch } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import type { CopyFormat, WireType } from "../../../host/codec/codec.ts";
import { encodeCopy } from "../../../host/codec/reference/copy_encoder.ts";
import { WasmCopy } from "../../../host/codec/wasm_copy.ts";
import { instantiateCodec } from "../../../host/codec/wasm_module.ts";
import type { CodecInstance } from "../../../host/codec/wasm_slices.ts";
import { batchOf, columnsOf, csvFormat, LENIENT } from "./sample_batch.ts";

/** Bytes behind each region that blocks may overshoot into: SLACK in assembly/memory.ts. */
const SLACK = 64;
/** Memory of an instance under test, most of it behind its regions. */
const PAGES = 40;

const WIRE_TYPES: readonly WireType[] = [
  ...["bool", "int2", "int4", "int8", "numeric", "float4", "float8", "text", "jsonb"] as const,
  ...["bytea", "date", "time", "timestamp", "timestamptz", "uuid", "text"] as const,
];
const ALL_TYPES = columnsOf(Object.fromEntries(COLUMN_TYPES.map((type) => [type, type])));

async function newInstance(): Promise<CodecInstance> {
  await buildCodec();
  return { exports: await instantiateCodec(), user: undefined };
}

/** Encodes with an instance, and looks at what it left in its memory. */
function encodeWatched(
  instance: CodecInstance,
  batch: Batch,
  format: CopyFormat,
): { copied: number[]; rejects: number } {
  const { exports } = instance;
  const { memory } = exports;
  memory.grow(Math.max(0, PAGES - memory.buffer.byteLength / 65_536));
  const types = batch.shape.columns.map(({ type }) => WIRE_TYPES[COLUMN_TYPES.indexOf(type)]!);
  const options = { format, types, ordinal: true, rules: LENIENT };
  const encoder = new WasmCopy(instance, batch, { ...options, spare: [] });
  const copied: number[] = [];
  for (let piece = encoder.next(); piece !== undefined; piece = encoder.next()) {
    copied.push(piece.length, sum(piece));
  }
  assertEquals(memory.buffer.byteLength, PAGES * 65_536);
  const behind = Buffer.from(memory.buffer, exports.outputEnd.value + SLACK);
  assert(behind.equals(Buffer.alloc(behind.length)), "nothing is written behind the regions");
  // Of one piece, the input is all of the batch.
  const input = new Uint8Array(memory.buffer, exports.inputAt.value, batch.bytes.length);
  if (copied.length <= 2) assertEquals(sum(input), sum(batch.bytes), "the input is as it was");
  return { copied, rejects: encoder.rejects.length };
}

/** The same of the reference, cut into the same pieces, since it is one. */
function encodeReference(batch: Batch, format: CopyFormat): ReturnType<typeof encodeWatched> {
  const types = batch.shape.columns.map(({ type }) => WIRE_TYPES[COLUMN_TYPES.indexOf(type)]!);
  const encoder = encodeCopy(batch, { format, types, ordinal: true, rules: LENIENT });
  const copied: number[] = [];
  for (let piece = encoder.next(); piece !== undefined; piece = encoder.next()) {
    copied.push(piece.length, sum(piece));
  }
  return { copied, rejects: encoder.rejects.length };
}

/** A sum in which every byte counts by its place, but for what stands in a piece's headroom. */
function sum(bytes: Uint8Array): number {
  let value = 0;
  for (let i = 5; i < bytes.length; i++) value = (Math.imul(value, 31) + bytes[i]!) | 0;
  return value;
}

Deno.test("codec that is not built, or is no module, says what to do", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const url = new URL(`file://${folder}/codec.wasm`);
    const missing = await assertRejects(() => instantiateCodec(url), LoadError, "it is not there");
    assert(missing.message.endsWith("Build it with deno task build"));
    assertEquals([missing.code, missing.blame], ["codec_unreadable", "host"]);
    await Deno.writeTextFile(url, "no module");
    await assertRejects(() => instantiateCodec(url), LoadError, "Codec cannot be read");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("codec is read from a server too", async () => {
  await buildCodec();
  const module = await Deno.readFile(
    new URL("../../../host/codec/dist/codec.wasm", import.meta.url),
  );
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) =>
      request.url.endsWith("/codec.wasm")
        ? new Response(module)
        : new Response("no", { status: 404 }),
  );
  const { port } = server.addr;
  const { memory } = await instantiateCodec(new URL(`http://127.0.0.1:${port}/codec.wasm`));
  assert(memory instanceof WebAssembly.Memory);
  await assertRejects(
    () => instantiateCodec(new URL(`http://127.0.0.1:${port}/other.wasm`)),
    LoadError,
    "the server answers 404",
  );
});

Deno.test("codec stays within its memory where the output is much larger than the input", async () => {
  const many = columnsOf(Object.fromEntries(
    Array.from({ length: 1_600 }, (_, i) => [`column_${i}`, "text" as const]),
  ));
  const tabs = columnsOf({ a: "text" });
  const long = (text: string): string => text.repeat(120_000 / text.length);
  const batches = [
    batchOf(Array.from({ length: 500 }, () => "{}\n"), many),
    batchOf([`${long("\t")}\n`], tabs, csvFormat(["a"])),
    batchOf([`"${long("\\")}"\n`], tabs, csvFormat(["a"])),
    batchOf([`{"a":"${long("\\u0009")}"}\n`], tabs),
    batchOf([`{"a":[${long("\t")}]}\n`], tabs),
    batchOf([`{"a":"${long("AAAA")}"}\n`], columnsOf({ a: "bytes" })),
    batchOf(Array.from({ length: 4_000 }, () => '{"a":0}\n'), columnsOf({ a: "decimal" })),
  ];
  for (const batch of batches) {
    for (const format of ["text", "binary"] as const) {
      const { rejects } = encodeWatched(await newInstance(), batch, format);
      assertEquals(rejects, 0);
    }
  }
});

Deno.test("codec stays within its memory where records have no end", async () => {
  const instance = await newInstance();
  const heads = [
    "{",
    '{"text":',
    '{"text":"',
    '{"json":[',
    '{"json":"\\',
    '{"bytes":"',
    '{"int64":1',
  ];
  const tails = ["x", "9", "\\n", '"', "[", "A", "\\u00", " ", ",", '{"a":"'];
  for (const head of heads) {
    for (const tail of tails) {
      // Neither of the records ends with a line: what is read of one may run on into the next.
      const record = head + tail.repeat(20_000 / tail.length);
      const batch = batchOf([record, record, record], ALL_TYPES);
      for (const format of ["text", "binary"] as const) {
        assertEquals(encodeWatched(instance, batch, format), encodeReference(batch, format));
      }
    }
  }
});

Deno.test("codec stays within its memory where a record without end meets a full output", async () => {
  const columns = columnsOf(Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`c${i}`, "text" as const]),
  ));
  const tail = ['{"c0":"', "x".repeat(120_000)];
  // Each of the rows before it takes 600 bytes: some of these counts fill the output to the last.
  for (let count = 400; count < 460; count++) {
    const batch = batchOf([...Array<string>(count).fill('{"c0":null}\n'), ...tail], columns);
    assertEquals(encodeWatched(await newInstance(), batch, "text").rejects, 2);
  }
});
