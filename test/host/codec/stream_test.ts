/**
 * Records that are streamed, in chunks of any size, against the same records as a batch: they end at
 * the same bytes, and come to the same rows, hash and marks.
 */
import { assert, assertEquals } from "@std/assert";
import { type Batch, lineEndOf, type RecordFormat } from "../../../src/model/batch.ts";
import { BatchScan } from "../../../src/batching/batch_scan.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import {
  type Codec,
  type CopyOptions,
  PIECE_HEADROOM,
  type RecordBytes,
} from "../../../host/codec/codec.ts";
import { columnSizes, writeColumns } from "../../../host/codec/wasm_columns.ts";
import { instantiateCodec } from "../../../host/codec/wasm_module.ts";
import { Random } from "./differential_random.ts";
import { csvFormat, STRICT } from "./sample_batch.ts";
import {
  batchOf,
  bytesOf,
  codecs,
  COLUMNS,
  FORMATS,
  LIMITS,
  randomRecords,
} from "./streamed_records.ts";

const encoder = new TextEncoder();

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
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
