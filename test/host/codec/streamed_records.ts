/** Records at random that are read chunk by chunk, and the batches that they are. */
import type { Batch, Column, RecordFormat } from "../../../src/model/batch.ts";
import type { NulRule } from "../../../src/model/nul_rule.ts";
import { BatchScan } from "../../../src/batching/batch_scan.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import type { Codec, RecordBytes } from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import type { Random } from "./differential_random.ts";
import { columnsOf, csvFormat } from "./sample_batch.ts";

/** Lines of JSON. */
export const NDJSON: RecordFormat = { kind: "ndjson" };
/** Names of the columns. */
export const NAMES = ["id", "name", "amount", "ok", "attrs"];
/** What rows have. */
export const COLUMNS = columnsOf({
  id: "int64",
  name: "text",
  amount: "decimal",
  ok: "boolean",
  attrs: "json",
});
/** Of scans that take all there is. */
export const LIMITS = { rowsMax: 1 << 30, bytesMax: 1 << 30, recordBytesMax: 1 << 30 };

const encoder = new TextEncoder();

/** Kinds of CSV, and of lines. */
export const FORMATS: readonly RecordFormat[] = [
  NDJSON,
  csvFormat(NAMES),
  csvFormat(NAMES, { delimiter: "\t", nullText: "NULL" }),
  { ...csvFormat(NAMES, { delimiter: ";" }), lineEnd: "\r" },
  csvFormat(["name"]),
  { ...csvFormat(["name"]), lineEnd: "\r" },
  csvFormat(["ok", "id", "attrs", "name"]),
];

/** The records as one batch; undefined where a quote is left open. */
export function batchOf(
  bytes: Uint8Array<ArrayBuffer>,
  format: RecordFormat,
  columns: readonly Column[],
): Batch | undefined {
  const scan = new BatchScan({ name: "t", format, line: 1, offset: 0 }, LIMITS);
  scan.feed(bytes);
  try {
    scan.finish(bytes);
  } catch (error) {
    if (error instanceof LoadError) return undefined;
    throw error;
  }
  return {
    shape: { table: { name: "t" }, columns, mode: "append" },
    format,
    bytes: bytes.slice(scan.start, scan.end),
    offsets: scan.offsets(),
    sequence: 0,
    ordinal: 0,
    part: "t",
    byteOffset: 0,
    line: 1,
  };
}

/** What is read in pieces of random sizes. */
export function bytesOf(bytes: Uint8Array, random: Random, piece: number): RecordBytes {
  let at = 0;
  return {
    length: bytes.length,
    read(into) {
      const part = bytes.subarray(at, at + Math.min(into.length, 1 + random.below(piece)));
      into.set(part);
      at += part.length;
      return random.chance(0.5) ? part.length : Promise.resolve(part.length);
    },
  };
}

const TEXTS = [
  "",
  "a",
  "ünï ☃ 𝄞",
  "tab\tline\n",
  "back\\slash",
  'quote"s',
  "\\N",
  "NULL",
  "\r\n,;",
];

/** Mostly what is taken; a record of `longest` bytes now and then. */
function csvText(
  random: Random,
  format: Extract<RecordFormat, { kind: "csv" }>,
  { rows, longest }: { readonly rows: number; readonly longest: number },
): string {
  const { delimiter, header, lineEnd = "\n" } = format;
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const either = (text: string) => random.chance(0.3) ? quoted(text) : text;
  const fields: Record<string, () => string> = {
    id: () => either(String(random.below(1e9))),
    name: () => {
      const text = random.pick(TEXTS) + "y".repeat(random.chance(0.03) ? random.below(longest) : 0);
      return /[",;\t\r\n]/.test(text) || random.chance(0.3) ? quoted(text) : text;
    },
    amount: () => either(random.pick(["1.5", "-0.25", "12345678901234567890.5", "1e3"])),
    ok: () => either(random.pick(["true", "f", "1", "false"])),
    attrs: () => quoted(random.pick(["{}", '{"a":[1,"x\\n"]}', '"s"', "[1, 2]"])),
  };
  const ends = lineEnd === "\r" ? ["\r", "\r", "\r\r"] : ["\n", "\n", "\r\n", "\n\n", "\n\r\n"];
  let text = "";
  for (let i = 0; i < rows; i++) {
    text += header.map((name) => fields[name]!()).join(delimiter) + random.pick(ends);
  }
  return random.chance(0.5) ? text : text.replace(/[\r\n]+$/, "");
}

function jsonText(
  random: Random,
  { rows, longest }: { readonly rows: number; readonly longest: number },
): string {
  let text = "";
  for (let i = 0; i < rows; i++) {
    const name = random.pick(TEXTS) + "y".repeat(random.chance(0.03) ? random.below(longest) : 0);
    const amount = random.pick(["1.5", "1e3", "-0"]);
    text += `{"id":${i},"name":${JSON.stringify(name)},"amount":${amount}}` +
      random.pick(["\n", "\n", "\r\n", " \n\t\n"]);
  }
  return random.chance(0.5) ? text : text.trimEnd();
}

/** A batch of records at random, and how they are read. */
export interface RandomRecords {
  readonly batch: Batch;
  readonly bytes: RecordBytes;
  readonly nul: NulRule;
  readonly about: string;
}

/** So many of them, in every format. */
export function* randomRecords(
  random: Random,
  count: number,
  seed: number,
): Generator<RandomRecords> {
  for (let round = 0; round < count; round++) {
    const format = FORMATS[round % FORMATS.length]!;
    const size = { rows: 1 + random.below(400), longest: random.pick([20, 2_000, 180_000]) };
    const nul = random.pick(["strip", "escape", "reject"] as const);
    const text = format.kind === "csv" ? csvText(random, format, size) : jsonText(random, size);
    // What only the reference writes.
    const odd = format.kind === "csv" ? "\0" : "\\u0000";
    const bytes = encoder.encode(nul === "reject" ? text : text.replaceAll("☃", odd));
    // A byte that makes it something else, now and then.
    if (random.chance(0.3)) {
      bytes[random.below(bytes.length)] = random.pick([0, 0x22, 0x2c, 0x0a, 0xff]);
    }
    const batch = batchOf(bytes, format, COLUMNS);
    if (!batch) continue;
    const piece = random.pick(size.longest < 20_000 ? [7, 300, 70_000] : [30_000, 1 << 20]);
    const about = `seed ${seed}, round ${round}`;
    yield { batch, bytes: bytesOf(batch.bytes, random, piece), nul, about };
  }
}

/** Both codecs, of which the compiled one is built. */
export async function codecs(): Promise<{ readonly reference: Codec; readonly compiled: Codec }> {
  await buildCodec();
  return { reference: await createReferenceCodec(), compiled: await createWasmCodec() };
}
