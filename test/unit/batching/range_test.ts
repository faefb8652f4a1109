/** Ranges against batches of the same limits: where they begin and end, and what is read of them. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Batcher,
  type BatcherPart,
  type PartFile,
  type RawBatch,
  type RawRange,
} from "../../../src/batching/batcher.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { byteEndOf, type RecordFormat } from "../../../src/model/batch.ts";
import { CSV, encode, NDJSON } from "./memory_part.ts";

const LIMITS = { rowsMax: 1_000_000, bytesMax: 1_000, recordBytesMax: 1 << 20 };

/** A file in memory, which may change. */
class MemoryFile implements PartFile {
  readonly path = "memory";
  readonly device = 1;
  readonly inode = 2;
  readonly size: number;
  bytes: Uint8Array<ArrayBuffer>;
  ended: number | undefined;
  closed = false;
  /** Called at each read, which waits for it. */
  gate: (() => Promise<void>) | undefined;
  #at = 0;
  #seen: number;

  constructor(text: string) {
    this.bytes = encode(text);
    this.size = this.#seen = this.bytes.length;
  }

  async readAt(into: Uint8Array<ArrayBuffer>, offset: number): Promise<number> {
    await this.gate?.();
    if (this.ended !== undefined) throw new Error("The file is closed");
    // Fewer than there are, as a file may give.
    const bytes = this.bytes.subarray(offset, offset + Math.min(into.length, 70_001));
    into.set(bytes);
    return bytes.length;
  }

  sizeNow(): Promise<number> {
    return Promise.resolve(this.#seen = this.bytes.length);
  }

  endedAt(offset: number): boolean {
    return offset >= this.size && this.#seen > offset;
  }

  seek(offset: number): void {
    this.#at = offset;
  }

  passed(): void {}

  end(offset: number): Promise<void> {
    this.ended = offset;
    return Promise.resolve();
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
    const count = await this.readAt(into, this.#at);
    this.#at += count;
    return count === 0 ? undefined : count;
  }
}

async function* partsOf(
  files: readonly MemoryFile[],
  ranged: boolean,
  format: RecordFormat = NDJSON,
): AsyncGenerator<BatcherPart> {
  for (const [i, file] of files.entries()) {
    const part = {
      format,
      line: 1,
      byteOffset: 0,
      read: (into: Uint8Array<ArrayBuffer>) => file.read(into),
      bytesRead: () => file.bytes.length,
      ...(ranged ? { file } : {}),
      close: () => Promise.resolve(void (file.closed = true)),
    };
    yield { name: `part ${i}`, open: () => Promise.resolve(part) };
  }
}

function* randomTexts(): Generator<string[]> {
  for (let i = 0; i < 24; i++) {
    const longest = [20, 400, 3_000, 200_000][i % 4]!;
    yield Array.from({ length: 1 + i % 3 }, () => {
      let text = Math.random() < 0.3 ? "\n \r\n" : "";
      for (let left = Math.floor(Math.random() * 12_000); left > 0;) {
        const length = Math.floor(Math.random() ** 4 * longest);
        text += `${" ".repeat(length % 3)}{"a":"${"x".repeat(length)}"}`;
        text += ["\n", "\n", "\r\n", "\n\n", "\n\t\n \n"][length % 5];
        left -= length + 10;
      }
      return Math.random() < 0.3 ? text.trimEnd() : text;
    });
  }
}

/** Kinds of CSV. */
const CSV_FORMATS: readonly RecordFormat[] = [
  CSV,
  { ...CSV, delimiter: "\t", lineEnd: "\r" },
  { ...CSV, header: ["a"] },
  { ...CSV, header: ["a"], lineEnd: "\r" },
];

/** Quotes, delimiters and line ends wherever they may stand, and where they may not. */
function* randomCsv(): Generator<readonly [RecordFormat, string[]]> {
  // More than is read at once of what would be blank if it stood alone.
  yield [CSV, [`a,b\nc${"\r".repeat(200_000)}\nd,e\n`]];
  yield [CSV, ["a,b\n".repeat(700) + '"open,\n' + "a,b\n".repeat(100), "a,b\n"]];
  const pieces = ["a", "bcd", ",", "\t", '"', '""', '","', '"\n"', '"x\r\n,""y"', "\r", "\r\n"];
  for (let i = 0; i < 60; i++) {
    const format = CSV_FORMATS[i % CSV_FORMATS.length]!;
    const end = format.kind === "csv" && format.lineEnd || "\n";
    const longest = [20, 400, 3_000, 300_000][i % 5 % 4]!;
    const odd = i % 3 === 0;
    yield [
      format,
      Array.from({ length: 1 + i % 2 }, () => {
        let text = Math.random() < 0.3 ? `${end}\r\n${end}` : "";
        for (let left = Math.floor(Math.random() * 9_000); left > 0;) {
          const length = Math.floor(Math.random() ** 6 * longest);
          const field = () => `"${'y,\r\n""'.repeat(length / 6)}"`;
          text += odd
            ? pieces[Math.floor(Math.random() * pieces.length)]! + (length % 7 === 0 ? end : "")
            : `${"x".repeat(length)},${field()}${[end, `\r${end}`, end + end, end][length % 4]}`;
          left -= odd ? 4 : 2 * length + 10;
        }
        return Math.random() < 0.3 ? text.trimEnd() : text;
      }),
    ];
  }
}

/** All batches; where a quote is left open, those before it, and what is said of it. */
async function batchesOf(
  texts: readonly string[],
  format: RecordFormat = NDJSON,
): Promise<RawBatch[] & { error?: string }> {
  const files = texts.map((text) => new MemoryFile(text));
  await using batcher = new Batcher(partsOf(files, false, format), LIMITS);
  const all: RawBatch[] & { error?: string } = [];
  try {
    for (let batch; (batch = await batcher.next());) all.push(batch);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    all.error = error.message;
  }
  return all;
}

function comparable({ recycle: _, bytes, offsets, sequence: __, ...rest }: RawBatch): unknown {
  return { ...rest, bytes: [...bytes].length, hash: bytes.toHex(), offsets: [...offsets] };
}

Deno.test("ranges end where batches of these limits do, and are read as these", async () => {
  for (const texts of randomTexts()) {
    const expected = await batchesOf(texts);
    const files = texts.map((text) => new MemoryFile(text));
    await using batcher = new Batcher(partsOf(files, true), { ...LIMITS, bytesMax: 5_000 });
    const first = await batcher.next();
    assertEquals(first?.byteOffset, expected[0]?.byteOffset);
    if (!first) continue;
    batcher.restart(first, { ...LIMITS, rangeBytesMax: LIMITS.bytesMax });
    const ranges: RawRange[] = [];
    for (let range; (range = await batcher.take());) ranges.push(range as RawRange);
    assertEquals(
      ranges.map(({ part, byteOffset, byteEnd }) => [part, byteOffset, byteEnd]),
      expected.map(({ part, byteOffset, bytes }) => [part, byteOffset, byteOffset + bytes.length]),
    );
    // In any order: what is known of some, and counted of others, comes to the same.
    for (const i of [...ranges.keys()].sort(() => Math.random() - 0.5)) {
      const batch = await ranges[i]!.readFrom(ranges[i]!.byteOffset);
      assertEquals(comparable(batch!), comparable(expected[i]!));
      if (i % 2 === 0) await ranges[i]!.through(expected[i]!.offsets.length - 1);
    }
    for (const [i, range] of ranges.entries()) {
      if (i % 2 === 1) await range.through(expected[i]!.offsets.length - 1);
    }
    for (const file of files) assertEquals(file.ended, file.bytes.length);
  }
});

/** Ranges, and batches in between; and what is said where no more are to be had. */
async function rangesOf(
  texts: readonly string[],
  format: RecordFormat,
): Promise<{ readonly ranges: (RawRange | RawBatch)[]; readonly error: string | undefined }> {
  const files = texts.map((text) => new MemoryFile(text));
  await using batcher = new Batcher(partsOf(files, true, format), { ...LIMITS, rowsMax: 1 });
  const ranges: (RawRange | RawBatch)[] = [];
  try {
    const first = await batcher.next();
    if (!first) return { ranges, error: undefined };
    batcher.restart(first, { ...LIMITS, rangeBytesMax: LIMITS.bytesMax });
    for (let range; (range = await batcher.take());) ranges.push(range);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return { ranges, error: error.message };
  }
  for (const range of ranges) {
    const batch = "byteEnd" in range ? await range.readFrom(range.byteOffset) : range;
    if ("byteEnd" in range) await range.through(batch!.offsets.length - 1);
  }
  return { ranges, error: undefined };
}

Deno.test("ranges of CSV end where batches of these limits do, wherever quotes and line ends stand", async () => {
  let open = 0;
  for (const [format, texts] of randomCsv()) {
    const expected = await batchesOf(texts, format);
    const { ranges, error } = await rangesOf(texts, format);
    const about = JSON.stringify([format, texts]).slice(0, 4_000);
    assertEquals(error, expected.error, about);
    if (error !== undefined) open++;
    assertEquals(
      ranges.map((range) => [range.part, range.byteOffset, byteEndOf(range)]),
      expected.map((batch) => [batch.part, batch.byteOffset, byteEndOf(batch)]),
      about,
    );
  }
  assert(open > 0);
});

Deno.test("ranges of CSV are read as batches, with their lines and numbers", async () => {
  for (const [format, texts] of randomCsv()) {
    const expected = await batchesOf(texts, format);
    if (expected.error !== undefined) continue;
    const files = texts.map((text) => new MemoryFile(text));
    await using batcher = new Batcher(partsOf(files, true, format), { ...LIMITS, rowsMax: 1 });
    const first = await batcher.next();
    if (!first) continue;
    batcher.restart(first, { ...LIMITS, rangeBytesMax: LIMITS.bytesMax });
    const ranges: RawRange[] = [];
    for (let range; (range = await batcher.take());) ranges.push(range as RawRange);
    for (const i of [...ranges.keys()].sort(() => Math.random() - 0.5)) {
      const batch = await ranges[i]!.readFrom(ranges[i]!.byteOffset);
      assertEquals(comparable(batch!), comparable(expected[i]!));
      if (i % 2 === 0) await ranges[i]!.through(expected[i]!.offsets.length - 1);
    }
  }
});

Deno.test("a record of CSV that is too large is for whoever reads it, and what stands before it is a range", async () => {
  const limits = { ...LIMITS, recordBytesMax: 500 };
  const text = "a,b\n".repeat(20) + `"${"x".repeat(700)}",b\n` + "a,b\n";
  await using batcher = new Batcher(partsOf([new MemoryFile(text)], true, CSV), limits);
  batcher.restart((await batcher.next())!, { ...limits, rangeBytesMax: 10_000 });
  const range = await batcher.take() as RawRange;
  assertEquals([range.byteOffset, range.byteEnd], [0, 80]);
  const error = await assertRejects(() => batcher.take(), LoadError);
  assert(
    error.message.includes("in line 21 a record begins that is larger than 500"),
    error.message,
  );
});

Deno.test("ranges leave out what the ledger has, which is read with its line and its number", async () => {
  const texts = ["\n" + Array.from({ length: 900 }, (_, i) => `{"id":${i}}\n`).join("\n")];
  const expected = await batchesOf(texts);
  const known = (i: number) => i % 5 === 1 || i % 5 === 2;
  const ends = expected.map(({ byteOffset, bytes }) => byteOffset + bytes.length);
  await using batcher = new Batcher(partsOf([new MemoryFile(texts[0]!)], true), LIMITS);
  const first = await batcher.next();
  batcher.restart(first!, {
    ...LIMITS,
    rangeBytesMax: LIMITS.bytesMax,
    endOf: (_, offset) => {
      const i = expected.findIndex(({ byteOffset }, at) => known(at) && byteOffset >= offset);
      const found = expected[i];
      if (!found) return undefined;
      return found.byteOffset === offset
        ? { end: ends[i]!, exact: true }
        : { end: found.byteOffset, exact: false };
    },
  });
  let at = 0;
  for (let next; (next = await batcher.take()); at++) {
    if ("byteEnd" in next) {
      assert(!known(at), `batch ${at} is a range`);
      assertEquals([next.byteOffset, next.byteEnd], [expected[at]!.byteOffset, ends[at]]);
    } else {
      assert(known(at), `batch ${at} is read`);
      assertEquals(comparable(next), comparable(expected[at]!));
    }
  }
  assertEquals(at, expected.length);
});

Deno.test("ranges of a file that grows leave its last line to the next run, unless it is whole", async () => {
  const text = '{"id":1}\n{"id":2}';
  for (
    const [grown, end] of [[text, 17], [text + "\n", 18], [text.slice(0, -1) + "3", 17]] as const
  ) {
    const file = new MemoryFile(text.slice(0, 12));
    await using batcher = new Batcher(partsOf([file], true), LIMITS);
    batcher.restart((await batcher.next())!, { ...LIMITS, rangeBytesMax: LIMITS.bytesMax });
    file.bytes = encode(grown);
    const range = await batcher.take() as RawRange;
    assertEquals(range.byteEnd, end === 18 ? 18 : 9, grown);
    await range.through(1);
    assertEquals(await batcher.take(), undefined);
  }
  // A quote that is open where it ends may be closed by what comes.
  for (
    const [before, grown, end] of [
      ["a,b\nc,d", "a,b\nc,d1", 4],
      ["a,b\nc,d", "a,b\nc,d\n", 8],
      ['a,b\n"c', 'a,b\n"c\n', 4],
    ] as const
  ) {
    const file = new MemoryFile(before);
    await using batcher = new Batcher(partsOf([file], true, CSV), { ...LIMITS, rowsMax: 1 });
    batcher.restart((await batcher.next())!, { ...LIMITS, rangeBytesMax: LIMITS.bytesMax });
    file.bytes = encode(grown);
    const range = await batcher.take() as RawRange;
    assertEquals(range.byteEnd, end, grown);
    await range.through(1);
    assertEquals(await batcher.take(), undefined);
  }
  // What was its last line when it was cut is the beginning of a longer one by now.
  const file = new MemoryFile('{"id":1}\n{"id"');
  await using batcher = new Batcher(partsOf([file], true), LIMITS);
  batcher.restart((await batcher.next())!, { ...LIMITS, rangeBytesMax: LIMITS.bytesMax });
  const range = await batcher.take() as RawRange;
  assertEquals(range.byteEnd, 14);
  file.bytes = encode('{"id":1}\n{"id":2}\n');
  const batch = await range.readFrom(0);
  assertEquals(batch!.bytes.length, 9);
  assertEquals(await range.readFrom(9), undefined);
});

Deno.test("a file is open until nobody counts its records any more", async () => {
  const texts = ['{"id":1}\n'.repeat(80_000), '{"id":2}\n'];
  const files = texts.map((text) => new MemoryFile(text));
  await using batcher = new Batcher(partsOf(files, true), { ...LIMITS, bytesMax: 1 << 20 });
  batcher.restart((await batcher.next())!, { ...LIMITS, rangeBytesMax: 1 << 20 });
  const [first, second] = [await batcher.take() as RawRange, await batcher.take() as RawRange];
  assertEquals([first.part, second.part], ["part 0", "part 1"]);
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  files[0]!.gate = () => {
    asked.resolve();
    return gate.promise;
  };
  const batch = second.readFrom(0);
  await asked.promise;
  // The first one is through while its records are counted.
  const through = first.through(80_000);
  gate.resolve();
  assertEquals((await batch)!.ordinal, 80_000);
  await through;
  assertEquals(files[0]!.ended, files[0]!.bytes.length);
});

Deno.test("parts that cannot be read anywhere come in batches, which are smaller than ranges", async () => {
  const text = '{"id":1}\n'.repeat(2_000);
  const files = [new MemoryFile(text), new MemoryFile(text)];
  const parts = async function* (): AsyncGenerator<BatcherPart> {
    yield* partsOf([files[0]!], true);
    yield* partsOf([files[1]!], false);
  };
  await using batcher = new Batcher(parts(), LIMITS);
  batcher.restart((await batcher.next())!, { ...LIMITS, rangeBytesMax: 9_000 });
  const sizes: number[] = [];
  for (let next; (next = await batcher.take());) {
    sizes.push("byteEnd" in next ? next.byteEnd - next.byteOffset : next.bytes.length);
    if ("byteEnd" in next) await next.through(1_000);
  }
  // What is left over comes last.
  assertEquals([...new Set(sizes)], [9_000, 999, 18]);
  assertEquals(sizes.filter((size) => size === 9_000).length, 2);
});
