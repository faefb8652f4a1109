import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { lineOfRow, type RecordFormat } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { Batcher, type BatchLimits, type RawBatch } from "../../../src/batching/batcher.ts";
import {
  collect,
  CSV,
  ELEMENTS,
  encode,
  NDJSON,
  OBJECTS,
  onePart,
  outcome,
  parts,
  summary,
  text,
  WIDE,
} from "./memory_part.ts";

Deno.test("batcher counts sequence and ordinal over all parts and starts a batch at each", async () => {
  const batches = await cut(["1\n2\n3\n", "", "4\n5"], NDJSON, { ...WIDE, rowsMax: 2 });
  assertEquals(batches.map(summary), [
    ["part 0", 0, 0, 1, 0, "1\n|2\n"],
    ["part 0", 1, 2, 3, 4, "3\n"],
    ["part 2", 2, 3, 1, 0, "4\n|5"],
  ]);
});

Deno.test("batcher closes a batch when bytesMax would be exceeded", async () => {
  const batches = await cut(["11\n22\n33\n"], NDJSON, { ...WIDE, bytesMax: 8 });
  assertEquals(batches.map(text), ["11\n|22\n", "33\n"]);
});

Deno.test("batcher makes a record larger than bytesMax a batch of its own", async () => {
  const batches = await cut(["1\n123456789\n2\n"], NDJSON, { ...WIDE, bytesMax: 5 });
  assertEquals(batches.map(text), ["1\n", "123456789\n", "2\n"]);
});

Deno.test("batcher makes of a record larger than recordBytesMax a batch of how it begins", async () => {
  const limits = { rowsMax: 10, bytesMax: 100, recordBytesMax: 6 };
  for (const sizes of [[], [1], [12], [13]]) {
    const found = await outcome(parts(["1\n\n2\n1234567\n3\n4\n"], NDJSON, sizes), limits);
    assertEquals(found, [
      ["part 0", 0, 0, 1, 0, "1\n\n|2\n", [0, 3, 5]],
      ["part 0", 1, 2, 4, 5, "123456", [0, 6], 8],
      ["part 0", 2, 3, 5, 13, "3\n|4\n", [0, 2, 4]],
    ]);
  }
});

Deno.test("batcher takes neither blank lines nor white space for records", async () => {
  const source = "\n \t\r\n1\r\n\n  \n 2 \n\n\n";
  const batches = await cut([source], NDJSON, { ...WIDE, rowsMax: 1 });
  assertEquals(batches.map(summary), [
    ["part 0", 0, 0, 3, 5, "1\r\n"],
    ["part 0", 1, 1, 6, 12, " 2 \n"],
  ]);
  const [both] = await cut([source], NDJSON, WIDE);
  assertEquals(text(both!), "1\r\n\n  \n| 2 \n");
  assertEquals([lineOfRow(both!, 0), lineOfRow(both!, 1)], [3, 6]);
});

Deno.test("batcher finds no record in empty and blank parts", async () => {
  assertEquals(await cut([], NDJSON, WIDE), []);
  assertEquals(await cut(["", "\n\n", " \r\n\t"], NDJSON, WIDE), []);
  assertEquals(await cut(["", "\r\n\n\r"], CSV, WIDE), []);
});

Deno.test("batcher keeps newlines within quotes in their CSV record", async () => {
  const source = '\r\na,"x\ny""\r\n"\r\n"p\n\nq",b\n\n1,2';
  const batches = await cut([source], CSV, { ...WIDE, rowsMax: 1 });
  assertEquals(batches.map(summary), [
    ["part 0", 0, 0, 2, 2, 'a,"x\ny""\r\n"\r\n'],
    ["part 0", 1, 1, 5, 15, '"p\n\nq",b\n'],
    ["part 0", 2, 2, 9, 25, "1,2"],
  ]);
});

Deno.test("batcher takes a quote within an unquoted CSV field as it stands", async () => {
  const batches = await cut(['5" pipe,1\n6" pipe,"2"\n"a"b"c,3\n'], CSV, WIDE);
  assertEquals(batches.map(text), ['5" pipe,1\n|6" pipe,"2"\n|"a"b"c,3\n']);
});

Deno.test("batcher takes a CSV line of white space for a record", async () => {
  assertEquals((await cut(["a\n \n\nb"], CSV, WIDE)).map(text), ["a\n| \n\n|b"]);
});

Deno.test("batcher knows the delimiter of CSV", async () => {
  const format: RecordFormat = { ...CSV, delimiter: "\t" };
  assertEquals((await cut(['a,"\tb\nc\t"d\n"\n'], format, WIDE)).map(text), [
    'a,"\tb\n|c\t"d\n"\n',
  ]);
});

Deno.test("batcher makes the same batches however the bytes are cut into chunks", async () => {
  await fc.assert(fc.asyncProperty(sources, limits, cuts, async (source, limits, sizes) => {
    for (const format of [NDJSON, CSV, ELEMENTS, OBJECTS]) {
      const whole = await outcome(parts(source, format), limits);
      assertEquals(await outcome(parts(source, format, sizes), limits), whole);
    }
  }));
});

Deno.test("batcher hands out every record once, in order, whole", async () => {
  await fc.assert(fc.asyncProperty(sources, limits, cuts, async (source, limits, sizes) => {
    const unbounded = { ...limits, recordBytesMax: 1 << 20 };
    const batches = await collect(new Batcher(parts(source, NDJSON, sizes), unbounded));
    const lines = source.flatMap((part) => part.split("\n")).map((line) => line.trim());
    assertEquals(batches.flatMap(records), lines.filter((line) => line !== ""));
    let ordinal = 0;
    for (const [sequence, batch] of batches.entries()) {
      const rows = batch.offsets.length - 1;
      assertEquals([batch.sequence, batch.ordinal], [sequence, ordinal]);
      assertEquals(rows <= limits.rowsMax, true);
      assertEquals(rows === 1 || batch.bytes.length <= limits.bytesMax, true);
      ordinal += rows;
    }
  }));
});

Deno.test("batcher finds the CSV records that reading character by character finds", async () => {
  await fc.assert(fc.asyncProperty(closed, limits, cuts, async (source, limits, sizes) => {
    const unbounded = { ...limits, recordBytesMax: 1 << 20 };
    const batches = await collect(new Batcher(parts(source, CSV, sizes), unbounded));
    const found = batches.flatMap((batch) => text(batch).split("|"));
    assertEquals(found.map((record) => record.replace(/[\r\n]+$/, "")), source.flatMap(csvRecords));
  }));
});

Deno.test("batcher says truly at which offset and line a batch starts", async () => {
  await fc.assert(fc.asyncProperty(closed, limits, cuts, async (source, limits, sizes) => {
    const unbounded = { ...limits, recordBytesMax: 1 << 20 };
    for (const format of [NDJSON, CSV]) {
      for (const batch of await collect(new Batcher(parts(source, format, sizes), unbounded))) {
        const bytes = encode(source[Number(batch.part.slice(5))]!);
        const end = batch.byteOffset + batch.bytes.length;
        assertEquals(bytes.slice(batch.byteOffset, end), batch.bytes);
        const before = bytes.slice(0, batch.byteOffset).filter((byte) => byte === 10);
        assertEquals(batch.line, before.length + 1);
      }
    }
  }));
});

Deno.test("batcher restarted with other limits makes what these limits give from the start", async () => {
  const property = fc.asyncProperty(
    sources,
    limits,
    limits,
    cuts,
    async (source, before, after, sizes) => {
      for (const format of [NDJSON, CSV]) {
        const { recordBytesMax } = before;
        const expected = await outcome(parts(source, format), { ...after, recordBytesMax });
        const batcher = new Batcher(parts(source, format, sizes), before);
        const first = await batcher.next().catch(() => undefined);
        if (first === undefined) continue;
        batcher.restart(first, after);
        // What is too large stays the first batch, and is not given again.
        const kept = first.tooLarge === undefined ? [] : expected.slice(0, 1);
        assertEquals([...kept, ...await outcome(batcher)], expected);
      }
    },
  );
  await fc.assert(property);
});

Deno.test("batcher takes back nothing but the first batch, before the second", async () => {
  const batcher = new Batcher(parts(["1\n2\n3\n"], NDJSON), { ...WIDE, rowsMax: 1 });
  const first = (await batcher.next())!;
  assertThrows(() => batcher.restart({ ...first }, WIDE), LoadError);
  const second = (await batcher.next())!;
  assertThrows(() => batcher.restart(first, WIDE), LoadError);
  assertThrows(() => batcher.restart(second, WIDE), LoadError);
});

Deno.test("batcher reads no further than the chunk in which the batch ends", async () => {
  let asked = 0;
  const chunks = async function* () {
    for (; asked < 9;) {
      asked++;
      yield encode("1\n2\n");
    }
  };
  const batcher = new Batcher(onePart(chunks()), { ...WIDE, rowsMax: 3 });
  await batcher.next();
  assertEquals(asked, 2);
  await batcher.next();
  assertEquals(asked, 3);
});

Deno.test("batcher holds no more than a batch of a flood of blank lines", async () => {
  let alive = 0;
  const blank = new Uint8Array(1000).fill(10);
  const chunks = async function* () {
    yield encode("1\n");
    for (; alive < 100; alive++) yield blank;
    yield encode("2\n");
  };
  const batcher = new Batcher(onePart(chunks()), { ...WIDE, bytesMax: 5000 });
  const first = (await batcher.next())!;
  assertEquals([text(first), alive < 7], ["1\n", true]);
  const second = (await batcher.next())!;
  assertEquals([text(second), second.line, second.byteOffset], ["2\n", 100_002, 100_002]);
});

Deno.test("batcher closes each part at its end, and the one in hand when it is closed", async () => {
  const log: string[] = [];
  const source = parts(["1\n", "2\n", "3\n"], NDJSON, [], log);
  const batcher = new Batcher(source, WIDE);
  await batcher.next();
  await batcher.next();
  assertEquals(new Set(log), new Set(["part 0", "part 1"]));
  await batcher.close();
  await assertRejects(() => batcher.next(), LoadError, "stopped");
});

Deno.test("batcher that is closed while it waits makes no batch of what it has", async () => {
  const waits = Promise.withResolvers<void>();
  const chunks = async function* () {
    yield encode("1\n2");
    await waits.promise;
  };
  const batcher = new Batcher(onePart(chunks()), WIDE);
  const next = assertRejects(() => batcher.next(), LoadError, "stopped");
  await new Promise((resolve) => setTimeout(resolve, 1));
  await batcher.close();
  await next;
  waits.resolve();
});

Deno.test("batcher counts the bytes that its parts have read", async () => {
  const batcher = new Batcher(parts(["1\n2\n", "3\n"], NDJSON), WIDE);
  assertEquals(batcher.bytesRead, 0);
  await batcher.next();
  assertEquals(batcher.bytesRead, 4);
  await batcher.next();
  assertEquals(batcher.bytesRead, 6);
  await batcher.next();
  assertEquals(batcher.bytesRead, 6);
});

Deno.test("batcher knows the format of a source without records", async () => {
  const batcher = new Batcher(parts([""], CSV), WIDE);
  assertEquals(await batcher.next(), undefined);
  assertEquals(batcher.format, CSV);
});

Deno.test("batcher gives each batch buffers of its own", async () => {
  const batches = await cut(["1\n2\n3\n"], NDJSON, { ...WIDE, rowsMax: 1 });
  const buffers = batches.flatMap((batch) => [batch.bytes.buffer, batch.offsets.buffer]);
  assertEquals(new Set(buffers).size, 6);
  assertEquals(batches.map((batch) => batch.bytes.length), [2, 2, 2]);
});

/** Texts in which line ends, quotes, brackets and white space are frequent. */
const sources = fc.array(
  fc.string({
    unit: fc.constantFrom("\n", "\r\n", " ", '"', ",", "a", "é", '""', ',"', '",', "{", "}", "]"),
    maxLength: 40,
  }),
  { maxLength: 3 },
);
/** The same, where no quote of CSV is left open. */
const closed = sources.filter((texts) => texts.every((text) => csvRecords(text).at(-1) !== OPEN));
const limits = fc.record({
  rowsMax: fc.integer({ min: 1, max: 4 }),
  bytesMax: fc.integer({ min: 1, max: 12 }),
  recordBytesMax: fc.integer({ min: 1, max: 16 }),
});
const cuts = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 8 });

function cut(texts: string[], format: RecordFormat, limits: BatchLimits): Promise<RawBatch[]> {
  return collect(new Batcher(parts(texts, format), limits));
}

/** Stands for a record that a quote leaves open. */
const OPEN = "open";

/** The plainest reading of RFC 4180; a quote opens a field only where the field starts. */
function csvRecords(text: string): string[] {
  const records: string[] = [];
  let record = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (quoted && c === '"' && text[at + 1] === '"') {
      record += text[++at];
    } else if (c === '"' && (quoted || record === "" || record.endsWith(","))) {
      quoted = !quoted;
    } else if (c === "\n" && !quoted) {
      records.push(record);
      record = "";
      continue;
    }
    record += c;
  }
  if (quoted) record = OPEN;
  return [...records, record].map((record) => record.replace(/[\r\n]+$/, "")).filter((record) =>
    record !== ""
  );
}

function records(batch: RawBatch): string[] {
  return text(batch).split("|").map((record) => record.trim());
}

Deno.test("batcher gives no two parts one name, though there be a file of that very name", async () => {
  for (
    const [names, expected] of [
      [["f", "f", "f"], ["f", "f (2)", "f (3)"]],
      [["f", "f", "f (2)", "f"], ["f", "f (2)", "f (2) (2)", "f (3)"]],
      [["f (2)", "f", "f"], ["f (2)", "f", "f (3)"]],
    ] as const
  ) {
    await using batcher = new Batcher(named(names), WIDE);
    assertEquals((await collect(batcher)).map(({ part }) => part), expected);
  }
});

async function* named(names: readonly string[]) {
  const waiting = [...names];
  for await (const part of parts(names.map(() => "1\n"), NDJSON, [])) {
    yield { ...part, name: waiting.shift()! };
  }
}
