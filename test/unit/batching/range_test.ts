/** Ranges against batches of the same limits: where they begin and end, and what is read of them. */
import { assert, assertEquals } from "@std/assert";
import {
  Batcher,
  type BatcherPart,
  type PartFile,
  type RawBatch,
  type RawRange,
} from "../../../src/batching/batcher.ts";
import { encode, NDJSON } from "./memory_part.ts";

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
): AsyncGenerator<BatcherPart> {
  for (const [i, file] of files.entries()) {
    const part = {
      format: NDJSON,
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

async function batchesOf(texts: readonly string[]): Promise<RawBatch[]> {
  const files = texts.map((text) => new MemoryFile(text));
  await using batcher = new Batcher(partsOf(files, false), LIMITS);
  const all: RawBatch[] = [];
  for (let batch; (batch = await batcher.next());) all.push(batch);
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
