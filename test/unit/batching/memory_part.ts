/** Parts in memory for the tests of the batcher, and what it makes of them. */
import { assert } from "@std/assert";
import type { RecordFormat } from "../../../src/model/batch.ts";
import type { LoadError } from "../../../src/model/errors.ts";
import {
  Batcher,
  type BatcherPart,
  type BatchLimits,
  type OpenBatcherPart,
  type RawBatch,
} from "../../../src/batching/batcher.ts";
import { READ_BYTES_MAX, READ_BYTES_MIN } from "../../../src/batching/part_reader.ts";

/** One record a line. */
export const NDJSON = { kind: "ndjson" } satisfies RecordFormat;
/** CSV of two columns. */
export const CSV = {
  kind: "csv",
  delimiter: ",",
  header: ["a", "b"],
  nullText: "",
} satisfies RecordFormat;
/** JSON whose records are the elements of an array, from behind its bracket. */
export const ELEMENTS = { kind: "ndjson", records: "elements" } satisfies RecordFormat;
/** JSON whose records are objects on any number of lines. */
export const OBJECTS = { kind: "ndjson", records: "objects" } satisfies RecordFormat;
/** Limits that small parts do not meet. */
export const WIDE: BatchLimits = { rowsMax: 1000, bytesMax: 1 << 20, recordBytesMax: 1 << 20 };

/** Text as bytes. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Parts in memory, in chunks of the sizes given, over and over; whole without sizes. */
export async function* parts(
  texts: string[],
  format: RecordFormat,
  sizes: number[] = [],
  closed: string[] = [],
): AsyncGenerator<BatcherPart> {
  for (const [index, text] of texts.entries()) {
    const name = `part ${index}`;
    const bytes = encode(text);
    yield {
      name,
      open: () => Promise.resolve(opened(format, pieces(bytes, sizes), () => closed.push(name))),
    };
  }
}

/** NDJSON in these chunks. */
export async function* onePart(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BatcherPart> {
  yield { name: "part 0", open: () => Promise.resolve(opened(NDJSON, chunks, () => {})) };
}

/** A part that gives no more than the rest of a chunk at a time. */
function opened(
  format: RecordFormat,
  chunks: AsyncIterable<Uint8Array>,
  onClose: () => void,
): OpenBatcherPart {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let bytesRead = 0;
  const read = async (into: Uint8Array<ArrayBuffer>) => {
    assert(into.length >= READ_BYTES_MIN && into.length <= READ_BYTES_MAX);
    if (rest.length === 0) {
      const { done, value } = await iterator.next();
      if (done) return undefined;
      rest = value;
    }
    const piece = rest.subarray(0, into.length);
    rest = rest.subarray(piece.length);
    into.set(piece);
    bytesRead += piece.length;
    return piece.length;
  };
  const close = () => Promise.resolve(onClose());
  return { format, line: 1, byteOffset: 0, read, bytesRead: () => bytesRead, close };
}

async function* pieces(bytes: Uint8Array, sizes: number[]): AsyncGenerator<Uint8Array> {
  // At least one byte a round, so that it ends.
  const steps = sizes.some((size) => size > 0) ? sizes : [bytes.length];
  for (let at = 0, step = 0; at < bytes.length; step++) {
    const size = steps[step % steps.length]!;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

/** All batches. */
export async function collect(batcher: Batcher): Promise<RawBatch[]> {
  const batches: RawBatch[] = [];
  for (let batch; (batch = await batcher.next()) !== undefined;) batches.push(batch);
  return batches;
}

/** All batches, and the error that came in the end, if one did. */
export async function outcome(
  source: Batcher | AsyncIterable<BatcherPart>,
  limits: BatchLimits = WIDE,
): Promise<unknown[]> {
  const batcher = source instanceof Batcher ? source : new Batcher(source, limits);
  const all: unknown[] = [];
  try {
    for (let batch; (batch = await batcher.next()) !== undefined;) {
      const tooLarge = batch.tooLarge === undefined ? [] : [batch.tooLarge];
      all.push([...summary(batch), [...batch.offsets], ...tooLarge]);
    }
  } catch (error) {
    all.push((error as LoadError).message);
  }
  return all;
}

/** The records, with a bar between them. */
export function text(batch: RawBatch): string {
  const decoder = new TextDecoder();
  return [...batch.offsets].slice(1)
    .map((end, row) => decoder.decode(batch.bytes.subarray(batch.offsets[row], end)))
    .join("|");
}

/** What a batch says of itself, with its text. */
export function summary(batch: RawBatch): unknown[] {
  return [
    batch.part,
    batch.sequence,
    batch.ordinal,
    batch.line,
    batch.byteOffset,
    text(batch),
  ];
}
