/**
 * Where batches end, held to the plainest reading of the rules, byte by byte; and parts that are
 * longer than what is read and looked at in one go.
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { RecordFormat } from "../../../src/model/batch.ts";
import {
  Batcher,
  type BatchLimits,
  type OpenBatcherPart,
  type RawBatch,
} from "../../../src/batching/batcher.ts";
import { READ_BYTES_MAX, READ_BYTES_MIN } from "../../../src/batching/part_reader.ts";
import { collect, CSV, encode, NDJSON, onePart, outcome, parts, WIDE } from "./memory_part.ts";

Deno.test("batcher cuts short parts as the rules say", async () => {
  const text = fc.string({
    unit: fc.constantFrom("\n", "\r\n", " ", '"', ",", "a", "é", '""', ',"', '",'),
    maxLength: 60,
  });
  const limits = fc.record({
    rowsMax: fc.integer({ min: 1, max: 4 }),
    bytesMax: fc.integer({ min: 1, max: 16 }),
    recordBytesMax: fc.integer({ min: 1, max: 24 }),
  });
  await fc.assert(fc.asyncProperty(text, limits, async (text, limits) => {
    for (const format of [NDJSON, CSV]) {
      assertEquals(await outcome(parts([text], format), limits), expected(text, format, limits));
    }
  }));
});

Deno.test("batcher cuts long parts as the rules say, however they are read", async () => {
  const limits = fc.record({
    rowsMax: fc.integer({ min: 1, max: 20_000 }),
    bytesMax: fc.integer({ min: 1, max: 300_000 }),
    recordBytesMax: fc.constantFrom(2_000, 200_000),
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(longText(), limits, sizes, async (text, limits, sizes) => {
    for (const format of [NDJSON, CSV]) {
      const found = await outcome(parts([text], format, sizes), limits);
      // The texts are too long to be shown.
      assertEquals(shortened(found), shortened(expected(text, format, limits)));
      assertEquals(found.length > 0, true);
    }
  });
  await fc.assert(property, { numRuns: 30 });
});

Deno.test("batcher cuts long parts again when it is restarted, also where rows become wider", async () => {
  const narrow = "ab\n".repeat(400_000);
  const text = narrow + `${"c".repeat(300)}\n`.repeat(20_000);
  for (const rowsMax of [11, 9_000, 250_000]) {
    const before = { rowsMax: 100_000, bytesMax: 4 << 20, recordBytesMax: 1_000 };
    const after = { rowsMax, bytesMax: 3 << 20 };
    const batcher = new Batcher(parts([text], NDJSON), before);
    batcher.restart((await batcher.next())!, after);
    const limits = { ...before, ...after };
    assertEquals(shortened(await outcome(batcher)), shortened(expected(text, NDJSON, limits)));
  }
});

Deno.test("batcher reads a record larger than a batch whole, wherever it stands", async () => {
  const large = "x".repeat(5 * READ_BYTES_MAX) + "\n";
  const limits = { rowsMax: 10, bytesMax: 100, recordBytesMax: large.length };
  const found = await outcome(parts([`1\n\n${large}2\n`], NDJSON, [1_040_000, 9]), limits);
  assertEquals(shortened(found), shortened(expected(`1\n\n${large}2\n`, NDJSON, limits)));
  const tooSmall = { ...limits, recordBytesMax: large.length - 1 };
  const begun = await outcome(parts([`1\n\n${large}2\n`], NDJSON, [1_040_000, 9]), tooSmall);
  assertEquals(shortened(begun), shortened(expected(`1\n\n${large}2\n`, NDJSON, tooSmall)));
});

Deno.test("batcher hands the bytes of a batch out in a buffer that it does not touch again", async () => {
  const lines = Array.from(
    { length: 40_000 },
    (_, id) => `{"id":${id},"t":"${"x".repeat(id % 90)}"}\n`,
  );
  for (const rowsMax of [7, 3_000, 30_000]) {
    const batches = await collect(
      new Batcher(parts([lines.join("")], NDJSON, [9_999]), {
        ...WIDE,
        rowsMax,
        bytesMax: 4 << 20,
      }),
    );
    const decoder = new TextDecoder();
    assertEquals(batches.map((batch) => decoder.decode(batch.bytes)).join(""), lines.join(""));
  }
});

Deno.test("batcher makes batches of as many rows as it is let", async () => {
  const limits = { rowsMax: 150_000, bytesMax: 1 << 20, recordBytesMax: 100 };
  const [batch] = await collect(new Batcher(parts(["1\n".repeat(200_000)], NDJSON), limits));
  assertEquals(batch!.offsets.length, 150_001);
  assertEquals(batch!.offsets.every((at, row) => at === 2 * row), true);
});

Deno.test("batcher uses buffers again that were given back, and holds none between batches", async () => {
  const chunk = encode(`${"x".repeat(99)}\n`.repeat(2_000));
  for (const inFlight of [1, 3]) {
    const chunks = async function* () {
      for (let i = 0; i < 100; i++) yield chunk;
    };
    const batcher = new Batcher(onePart(chunks()), { ...WIDE, rowsMax: 5_000 });
    const buffers = new Set<ArrayBuffer>();
    const batches: RawBatch[] = [];
    for (let batch; (batch = await batcher.next()) !== undefined;) {
      assertEquals(batch.bytes.every((byte) => byte === 10 || byte === 120), true);
      buffers.add(batch.bytes.buffer);
      if (batches.push(batch) < inFlight) continue;
      const done = batches.shift()!;
      done.recycle?.(done.bytes.buffer);
    }
    assertEquals(buffers.size, inFlight);
  }
});

Deno.test("batcher asks for no more than its limits need, and has room for it", async () => {
  const asked: number[] = [];
  const held = new Set<number>();
  let left = 40;
  const blank = new Uint8Array(READ_BYTES_MIN).fill(10);
  const part: OpenBatcherPart = {
    format: NDJSON,
    line: 1,
    byteOffset: 0,
    read: (into) => {
      asked.push(into.length);
      held.add(into.buffer.byteLength);
      into.set(blank);
      return Promise.resolve(left-- > 0 ? blank.length : undefined);
    },
    bytesRead: () => 0,
    close: () => Promise.resolve(),
  };
  const source = async function* () {
    yield { name: "blank", open: () => Promise.resolve(part) };
  };
  assertEquals(await collect(new Batcher(source(), { ...WIDE, bytesMax: 5_000 })), []);
  assertEquals(asked.every((bytes) => bytes >= READ_BYTES_MIN && bytes <= READ_BYTES_MAX), true);
  assertEquals([...held], [READ_BYTES_MAX + 5_000]);
});

/** One record, or what there is between records; ends are positions behind the line end. */
interface PlainRecord {
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  readonly blank: boolean;
  /** Lines from its start to the quote that it leaves open. */
  readonly open?: number;
}

/** So many bytes are given of a record that is too large, or as many as the limit lets. */
const START_BYTES = 64 * 1024;

/** What the batcher should give, as {@linkcode outcome} shows it. */
function expected(text: string, format: RecordFormat, limits: BatchLimits): unknown[] {
  const bytes = encode(text);
  const all: unknown[] = [];
  const records = [...plainRecords(bytes, format)];
  let line = 1;
  let ordinal = 0;
  for (let i = 0; i < records.length;) {
    if (records[i]!.blank && records[i]!.end - records[i]!.start <= limits.recordBytesMax) {
      line += records[i++]!.lines;
      continue;
    }
    const last = lastOfBatch(records, i, limits);
    const { start } = records[i]!;
    if (last < i && format.kind === "csv") {
      const what = `a record begins that is larger than ${limits.recordBytesMax} bytes; is a ` +
        "quote, a brace or a bracket left open there?";
      return [...all, stopped(line, what)];
    }
    const { open } = records[last] ?? {};
    if (open !== undefined) {
      for (let at = i; at < last; at++) line += records[at]!.lines;
      return [...all, stopped(line + open, "a quote opens a field and is not closed.")];
    }
    if (last < i) {
      const size = records[i]!.end - start;
      const length = Math.min(START_BYTES, limits.recordBytesMax);
      const begun = decode(bytes.subarray(start, start + length));
      all.push(["part 0", all.length, ordinal, line, start, begun, [0, length], size]);
      line += records[i++]!.lines;
      ordinal++;
      continue;
    }
    const { end } = records[last]!;
    const taken = records.slice(i, last + 1);
    const starts = taken.filter((record) => !record.blank).map((record) => record.start - start);
    const offsets = [...starts, end - start];
    all.push([
      "part 0",
      all.length,
      ordinal,
      line,
      start,
      starts.map((at, row) => decode(bytes.subarray(start + at, start + offsets[row + 1]!)))
        .join("|"),
      offsets,
    ]);
    line += taken.reduce((sum, record) => sum + record.lines, 0);
    ordinal += starts.length;
    i = last + 1;
  }
  return all;
}

function stopped(line: number, what: string): string {
  return `Cannot read part 0 any further: in line ${line} ${what} ` +
    "Correct the file and load it again: rows that are in stay, and come no second time";
}

/** The last record, not a blank one, of the batch that begins with record `first`. */
function lastOfBatch(
  records: readonly PlainRecord[],
  first: number,
  { rowsMax, bytesMax, recordBytesMax }: BatchLimits,
): number {
  const { start } = records[first]!;
  let last = first - 1;
  let rows = 0;
  for (let i = first; i < records.length; i++) {
    const record = records[i]!;
    if (record.end - record.start > recordBytesMax) break;
    if (rows > 0 && record.end - start > bytesMax) break;
    if (record.blank) continue;
    last = i;
    if (record.open !== undefined) break;
    if (++rows === rowsMax || record.end - start >= bytesMax) break;
  }
  return last;
}

function* plainRecords(bytes: Uint8Array, { kind }: RecordFormat): Generator<PlainRecord> {
  const blank = kind === "ndjson" ? [0x20, 0x09, 0x0d, 0x0a] : [0x0d, 0x0a];
  let start = 0;
  let lines = 0;
  let quoted = false;
  let opened = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    const quote = kind === "csv" && byte === 0x22;
    if (quote && quoted && bytes[at + 1] === 0x22) at++;
    else if (quote) {
      quoted = !quoted && (at === start || bytes[at - 1] === 0x2c);
      if (quoted) opened = lines;
    }
    if (byte === 0x0a) lines++;
    if (at < bytes.length - 1 && (byte !== 0x0a || quoted)) continue;
    const end = at + 1;
    yield {
      start,
      end,
      lines,
      blank: bytes.subarray(start, end).every((b) => blank.includes(b)),
      ...(quoted ? { open: opened } : {}),
    };
    start = end;
    lines = 0;
    quoted = false;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Texts of lines of all lengths, some in quotes, so that they pass every border there is. */
function longText(): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom("\n", "\n\n", " \r\n", '"', ",", '""', ',"\n', '"\n', "a,b\n"),
    fc.nat(400).map((length) => "x".repeat(length)),
  );
  return fc.tuple(
    fc.array(unit, { minLength: 40, maxLength: 400 }),
    fc.integer({ min: 1, max: 60 }),
  )
    .map(([units, times]) => units.join("").repeat(times));
}

function shortened(outcome: readonly unknown[]): string[] {
  return outcome.map((batch) => {
    if (!Array.isArray(batch)) return String(batch);
    const [part, sequence, ordinal, line, offset, text, offsets, size = ""] = batch;
    let hash = 0;
    for (const at of offsets) hash = (hash * 31 + at) | 0;
    for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
    return [part, sequence, ordinal, line, offset, text.length, offsets.length, hash, size].join(
      " ",
    );
  });
}
