/**
 * Records that are streamed, in chunks of any size, against the same records as a batch: they end at
 * the same bytes, and come to the same rows, hash and marks.
 */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Batch, Column, RecordFormat } from "../../../src/model/batch.ts";
import { BatchScan } from "../../../src/batching/batch_scan.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import {
  type Codec,
  type CopyOptions,
  type ImageOptions,
  PIECE_HEADROOM,
  type RecordBytes,
} from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { columnSizes, writeColumns } from "../../../host/codec/wasm_columns.ts";
import { instantiateCodec } from "../../../host/codec/wasm_module.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { lineEndOf } from "../../../src/model/batch.ts";
import type { NulRule } from "../../../src/model/nul_rule.ts";
import { Random } from "./differential_random.ts";
import { columnsOf, csvFormat, STRICT } from "./sample_batch.ts";

const NDJSON: RecordFormat = { kind: "ndjson" };
const NAMES = ["id", "name", "amount", "ok", "attrs"];
const COLUMNS = columnsOf({
  id: "int64",
  name: "text",
  amount: "decimal",
  ok: "boolean",
  attrs: "json",
});
const LIMITS = { rowsMax: 1 << 30, bytesMax: 1 << 30, recordBytesMax: 1 << 30 };

const encoder = new TextEncoder();

/** Kinds of CSV, and of lines. */
const FORMATS: readonly RecordFormat[] = [
  NDJSON,
  csvFormat(NAMES),
  csvFormat(NAMES, { delimiter: "\t", nullText: "NULL" }),
  { ...csvFormat(NAMES, { delimiter: ";" }), lineEnd: "\r" },
  csvFormat(["name"]),
  { ...csvFormat(["name"]), lineEnd: "\r" },
  csvFormat(["ok", "id", "attrs", "name"]),
];

/** The records as one batch; undefined where a quote is left open. */
function batchOf(
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

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** What is read in pieces of random sizes. */
function bytesOf(bytes: Uint8Array, random: Random, piece: number): RecordBytes {
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

async function codecs(): Promise<{ readonly reference: Codec; readonly compiled: Codec }> {
  await buildCodec();
  return { reference: await createReferenceCodec(), compiled: await createWasmCodec() };
}

/** What a stream has come to; undefined where it has failed. */
async function streamed(codec: Codec, batch: Batch, bytes: RecordBytes, options: CopyOptions) {
  const { shape, format } = batch;
  const stream = await codec.stream!({ shape, format }, bytes, options);
  try {
    const pieces: Uint8Array[] = [];
    for (let piece; (piece = await stream.next());) pieces.push(piece.slice(PIECE_HEADROOM));
    if (stream.failed) return undefined;
    const { rows, repaired } = stream;
    return {
      data: join(pieces).toHex(),
      rows,
      repaired,
      hash: stream.hash(),
      marks: stream.marks(),
    };
  } finally {
    await stream.close();
  }
}

/** What a batch has come to; undefined where a row of it is not taken. */
function copied(codec: Codec, batch: Batch, options: CopyOptions) {
  const encoder = codec.copy(batch, options);
  const pieces: Uint8Array[] = [];
  for (let piece; (piece = encoder.next());) pieces.push(piece.slice(PIECE_HEADROOM));
  if (encoder.rejects.length > 0) return undefined;
  const hash = codec.contentHash(batch);
  const { rows, repaired } = encoder;
  return { data: join(pieces).toHex(), rows, repaired, hash: hash.hex(), marks: hash.marks() };
}

/** A batch of records at random, and how they are read. */
interface RandomRecords {
  readonly batch: Batch;
  readonly bytes: RecordBytes;
  readonly nul: NulRule;
  readonly about: string;
}

/** So many of them, in every format. */
function* randomRecords(random: Random, count: number, seed: number): Generator<RandomRecords> {
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

Deno.test("a stream comes to what a batch of the same records does", async () => {
  const { reference, compiled } = await codecs();
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = new Random(seed);
  const types = ["int8", "text", "numeric", "bool", "json"] as const;
  let taken = 0;
  for (const { batch, bytes, nul, about } of randomRecords(random, 49, seed)) {
    const options: CopyOptions = {
      format: random.pick(["text", "binary"] as const),
      types,
      ordinal: random.chance(0.3),
      rules: { ...STRICT, nul },
    };
    const expected = copied(reference, batch, options);
    const found = await streamed(compiled, batch, bytes, options);
    assertEquals(found, expected, about);
    if (found) taken++;
  }
  assert(taken > 10, `with seed ${seed}, ${taken}`);
});

/** The rows of an image, which is sound; what stands between them is of no meaning. */
function imageRows(image: Uint8Array): unknown[] {
  using database = new DatabaseSync(":memory:");
  // The types of Node's module lack it.
  (database as unknown as { deserialize(image: Uint8Array): void }).deserialize(image);
  const [said] = database.prepare("PRAGMA integrity_check").all();
  assertEquals(said, { integrity_check: "ok" });
  const cells = NAMES.map((name) => `typeof(${name}), hex(${name})`);
  return database.prepare(`SELECT rowid, ${cells.join()} FROM rows ORDER BY rowid`).all();
}

/** The image of a batch; undefined where a row of it is not taken. */
function imaged(codec: Codec, batch: Batch, options: ImageOptions) {
  const image = codec.image!(batch, options)!;
  const bytes = image.encode(0);
  if (!bytes || bytes.length === 0) return undefined;
  const hash = codec.contentHash(batch);
  const { rows, repaired } = image;
  return { image: imageRows(bytes), rows, repaired, hash: hash.hex(), marks: hash.marks() };
}

Deno.test("an image of records that are streamed is that of a batch of them", async () => {
  const { compiled } = await codecs();
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = new Random(seed);
  const room = { bytes: new Uint8Array(0) };
  let taken = 0;
  for (const { batch, bytes, nul, about } of randomRecords(random, 49, seed)) {
    const options: ImageOptions = {
      rules: { nul, nan: false },
      table: "rows",
      sql: "CREATE TABLE rows(id, name, amount, ok, attrs)",
      wholeAsInteger: random.chance(0.5),
      pageBytes: random.pick([512, 4096, 65_536]),
    };
    const expected = imaged(compiled, batch, options);
    const { shape, format } = batch;
    const found = await compiled.streamImage!({ shape, format }, bytes, { ...options, room });
    assertEquals(
      found && {
        image: imageRows(found.bytes),
        rows: found.rows,
        repaired: found.repaired,
        hash: found.contentHash,
        marks: found.marks,
      },
      expected,
      about,
    );
    if (found) taken++;
  }
  assert(taken > 10, `with seed ${seed}, ${taken}`);
});

Deno.test("there is no image of streamed records that are too large, too few, or none at all", async () => {
  const { compiled } = await codecs();
  const room = { bytes: new Uint8Array(0) };
  const sql = "CREATE TABLE rows(id, name, amount, ok, attrs)";
  const options = { rules: { nul: "keep", nan: false }, table: "rows", sql, room } as const;
  const of = (
    text: string,
    { more = 0, sql = options.sql }: { more?: number; sql?: string } = {},
  ) => {
    const bytes = encoder.encode(text);
    const read = bytesOf(bytes, new Random(1), 1 << 20);
    const records = { ...batchOf(encoder.encode("{}\n"), NDJSON, COLUMNS)! };
    const { shape, format } = records;
    const given = { length: bytes.length + more, read: read.read };
    return compiled.streamImage!({ shape, format }, given, {
      ...{ ...options, sql, wholeAsInteger: false },
    });
  };
  const large = `{"name":"${"x".repeat(600_000)}"}\n`;
  assertEquals(await of(large), undefined);
  // The next one has more room.
  assertEquals((await of(large))?.rows, 1);
  assertEquals(await of("\n \n"), undefined);
  assertEquals(await of("{}\n", { sql: `CREATE TABLE ${"x".repeat(70_000)}(id)` }), undefined);
  await assertRejects(() => of("{}\n", { more: 5 }), Error, "Records end before they should");
});

Deno.test("a stream of records with a field that is no column is refused", async () => {
  const { compiled } = await codecs();
  const batch = batchOf(encoder.encode("1,2\n"), csvFormat(["id", "other"]), COLUMNS)!;
  const options: CopyOptions = { format: "text", ordinal: false, rules: STRICT };
  const bytes = bytesOf(batch.bytes, new Random(1), 9);
  assertEquals(await streamed(compiled, batch, bytes, options), undefined);
});

/** Places of the records that are taken from what is read chunk by chunk. */
async function takenStarts(
  bytes: Uint8Array,
  format: RecordFormat,
  random: Random,
): Promise<{ readonly starts: number[]; readonly end: number }> {
  const exports = await instantiateCodec();
  const records = {
    shape: { table: { name: "t" }, columns: COLUMNS, mode: "append" },
    format,
  } as const;
  const { columns, keyBytes, slots, formatBytes } = columnSizes(records);
  const rowsMax = 1 + random.below(5);
  assert(exports.lay(columns, keyBytes, slots, formatBytes, 8, bytes.length + 64, 64) !== 0);
  const memory = exports.memory.buffer;
  const { columnsAt, keysAt, formatAt, inputAt, offsetsAt } = exports;
  const places = { columnsAt: columnsAt.value, keysAt: keysAt.value, formatAt: formatAt.value };
  writeColumns(memory, records, { places, types: undefined });
  exports.openBatch(format.kind === "csv", slots, true, true, false);
  const first = inputAt.value;
  const last = first + bytes.length;
  // What stands behind is what was read for another one.
  new Uint8Array(memory).fill(0x22, first, last + 64);
  const starts: number[] = [];
  let end = first;
  for (let at = first; at < last;) {
    const { takeRecords, takenRows } = exports;
    const bytesMax = 1 + random.below(60);
    const to = takeRecords(at, end, rowsMax, bytesMax, end === last, lineEndOf(format));
    const offsets = new Uint32Array(memory, offsetsAt.value, takenRows.value);
    if (to > at) starts.push(...[...offsets].map((start) => start - first));
    else if (end === last) break;
    else {
      const more = Math.min(last - end, 1 + random.below(40));
      new Uint8Array(memory).set(bytes.subarray(end - first, end - first + more), end);
      end += more;
    }
    at = to;
  }
  return { starts, end: end - first };
}

Deno.test("records that are taken chunk by chunk begin where those of a batch do", async () => {
  await buildCodec();
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = new Random(seed);
  const alphabets = ['"a\n', '"",,a\n\r', '";\r\n', '"\t\n\na', ' {}\t\n\r"a'];
  let open = 0;
  for (let round = 0; round < 1_500; round++) {
    const format = FORMATS[round % FORMATS.length]!;
    const letters = random.pick(alphabets);
    const bytes = encoder.encode(random.letters(letters, 1 + random.below(120)));
    const about = `seed ${seed}, round ${round}: ${
      JSON.stringify(new TextDecoder().decode(bytes))
    }`;
    const scan = new BatchScan({ name: "t", format, line: 1, offset: 0 }, LIMITS);
    scan.feed(bytes);
    let isOpen = false;
    try {
      scan.finish(bytes);
    } catch {
      isOpen = true;
      open++;
    }
    const expected = [...scan.offsets()].slice(0, -1).map((offset) => scan.start + offset);
    const { starts, end } = await takenStarts(bytes, format, random);
    // A record with an open quote is taken as it is: the rows are then refused.
    if (isOpen) assertEquals(starts.length, expected.length + 1, about);
    assertEquals(isOpen ? starts.slice(0, -1) : starts, expected, about);
    assertEquals(end, bytes.length, about);
  }
  assert(open > 0, `with seed ${seed}`);
});
