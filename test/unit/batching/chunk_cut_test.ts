/** Sources cut into chunks at every byte: the batches are those of the source in one piece. */
import { assertEquals } from "@std/assert";
import type { RecordFormat } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { Batcher, type BatcherPart, type BatchLimits } from "../../../src/batching/batcher.ts";

const NDJSON: RecordFormat = { kind: "ndjson" };
const CSV: RecordFormat = { kind: "csv", delimiter: ";", header: ["a", "b"], nullText: "" };

/** Everything at which a cut could be mistaken for something: within characters, line ends, quotes. */
const SOURCES: readonly (readonly [RecordFormat, string])[] = [
  [
    NDJSON,
    '\ufeff{"é":"€😀"}\r\n\n \t\r\n{"a":"\\n\\u00e9"}\n\r\n[1,\r2]\n{"open":"\n\u0000\n{"last":"😀"}',
  ],
  [NDJSON, '\n\r\n \n{"a":1}\n{"a":2}\r\n\n\n{"a":3}\n   '],
  [
    CSV,
    '\r\né;"x\ny""€;\r\n"\r\n\r\n"p\n\n""q";😀\n;\n\n"";""\r\n;;"\n";1\r\na"b;c""\n \r\n"open;\n\r\nx',
  ],
  [CSV, '"";"""";""""""\n"\r\n";"\n"\r\n"a"b;"c"d\n""""\n'],
];

/** One batch, batches of one record, and batches that end by rows, by bytes, or at a large record. */
const LIMITS: readonly BatchLimits[] = [
  { rowsMax: 1000, bytesMax: 1 << 20, recordBytesMax: 1 << 20 },
  { rowsMax: 1, bytesMax: 1 << 20, recordBytesMax: 1 << 20 },
  { rowsMax: 2, bytesMax: 24, recordBytesMax: 1 << 20 },
  { rowsMax: 3, bytesMax: 40, recordBytesMax: 17 },
];

/** The bytes of a source in chunks that end at the cuts. */
function chunks(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...cuts, bytes.length];
  return edges.slice(1).map((end, i) => bytes.slice(edges[i], end));
}

/** A part of which each read gives one chunk. What lies behind it in the buffer means nothing. */
async function* onePart(format: RecordFormat, pieces: Uint8Array[]): AsyncGenerator<BatcherPart> {
  let index = 0;
  const read = (into: Uint8Array): Promise<number | undefined> => {
    const piece = pieces[index++];
    if (piece === undefined) return Promise.resolve(undefined);
    into.fill(0x22);
    into.set(piece);
    return Promise.resolve(piece.length);
  };
  const close = () => Promise.resolve();
  const part = { format, read, line: 3, byteOffset: 7, bytesRead: () => 0, close };
  yield { name: "part", open: () => Promise.resolve(part) };
}

/** All that is in the batches, and the message of the error in the end, if one came. */
async function outcome(
  format: RecordFormat,
  limits: BatchLimits,
  pieces: Uint8Array[],
): Promise<unknown[]> {
  const batcher = new Batcher(onePart(format, pieces), limits);
  const found: unknown[] = [];
  try {
    for (let batch; (batch = await batcher.next()) !== undefined;) {
      const { recycle, bytes, offsets, ...rest } = batch;
      found.push({ ...rest, bytes: [...bytes], offsets: [...offsets] });
      recycle?.(bytes.buffer);
    }
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    found.push(error.message);
  }
  return found;
}

/** Expects the batches of the whole source from each way to cut it. */
async function expectSame(waysOf: (length: number) => Iterable<readonly number[]>): Promise<void> {
  const encoder = new TextEncoder();
  for (const [format, text] of SOURCES) {
    const bytes = encoder.encode(text);
    for (const limits of LIMITS) {
      const whole = await outcome(format, limits, [bytes.slice()]);
      for (const cuts of waysOf(bytes.length)) {
        const found = await outcome(format, limits, chunks(bytes, cuts));
        assertEquals(found, whole, `${format.kind}, cut at ${cuts.join(", ")}`);
      }
    }
  }
}

Deno.test("batcher makes the same batches of a source that is cut at any one byte", async () => {
  await expectSame(function* (length) {
    for (let at = 0; at <= length; at++) yield [at];
  });
});

Deno.test("batcher makes the same batches of a source that is cut on both sides of any few bytes", async () => {
  await expectSame(function* (length) {
    for (let at = 0; at < length; at++) {
      for (const size of [0, 1, 2, 3, 5]) if (at + size <= length) yield [at, at + size];
    }
  });
});

Deno.test("batcher makes the same batches of chunks of every size", async () => {
  await expectSame(function* (length) {
    for (let size = 1; size <= length; size++) {
      yield Array.from({ length: Math.ceil(length / size) - 1 }, (_, i) => (i + 1) * size);
    }
  });
});
