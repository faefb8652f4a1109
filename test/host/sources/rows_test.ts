import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { rows } from "../../../host/sources/rows.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { Batcher } from "../../../src/batching/batcher.ts";
import { readBatches, readRecords, recordsOf } from "./read_source.ts";

Deno.test("rows writes what JSON.stringify would lose", async () => {
  const row = {
    big: 2n ** 63n - 1n,
    when: new Date(Date.UTC(2024, 1, 29, 12, 30, 0, 5)),
    bytes: new Uint8Array([0, 255, 16]),
    buffer: new Uint8Array([1, 2]).buffer,
    nan: NaN,
    up: Infinity,
    down: -Infinity,
    none: undefined,
    nothing: null,
    yes: true,
    text: 'a"b\u0000\n😀',
    nested: { ids: [1n, undefined, { at: new Date(0), gone: undefined }], empty: {} },
  };
  assertEquals(await readRecords(rows([row])), [
    '{"big":9223372036854775807,"when":"2024-02-29T12:30:00.005Z","bytes":"\\\\x00ff10",' +
    '"buffer":"\\\\x0102","nan":"NaN","up":"Infinity","down":"-Infinity","nothing":null,"yes":true,' +
    '"text":"a\\"b\\u0000\\n😀",' +
    '"nested":{"ids":[1,null,{"at":"1970-01-01T00:00:00.000Z"}],"empty":{}}}',
  ]);
});

Deno.test("rows writes plain values as JSON.stringify does, beside special ones too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), async (data) => {
      const expected = data.map((row) => JSON.stringify(row));
      assertEquals(await readRecords(rows(data)), expected);
      const special = data.map((row) => ({ ...row, "!big": 1n }));
      const parsed = (await readRecords(rows(special))).map((record) => JSON.parse(record));
      assertEquals(parsed, expected.map((text) => ({ ...JSON.parse(text), "!big": 1 })));
    }),
  );
});

Deno.test("rows writes whole numbers of any length, also beside the text that stands for them", async () => {
  const integers = fc.oneof(fc.bigInt(), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }));
  const texts = fc.string({ unit: fc.constantFrom("\x7f", '"', "\\", "a") });
  const cells = fc.oneof(integers, texts, fc.array(fc.oneof(integers, texts)));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(texts, cells)), async (data) => {
      const plain = (_: string, value: unknown) =>
        typeof value === "bigint" ? rawJson(String(value)) : value;
      const expected = data.map((row) => JSON.stringify(row, plain));
      assertEquals(await readRecords(rows(data)), expected);
    }),
    { numRuns: 500 },
  );
});

Deno.test("rows leaves the rows themselves as they are", async () => {
  const row = { big: 2n ** 64n, nested: { when: new Date(0), items: [1n, NaN] }, text: "a" };
  const before = structuredClone(row);
  await readRecords(rows([row]));
  assertEquals(row, before);
});

Deno.test("rows keeps a column that has the name of the prototype, and what a getter gives", async () => {
  const own = JSON.parse('{"__proto__":1,"a":"b"}');
  const data = [own, { ...own, big: 1n }, { ...own, ["__proto__"]: 2n ** 80n }, {
    get a() {
      return 3n;
    },
  }];
  assertEquals(await readRecords(rows(data)), [
    '{"__proto__":1,"a":"b"}',
    '{"__proto__":1,"a":"b","big":1}',
    '{"__proto__":1208925819614629174706176,"a":"b"}',
    '{"a":3}',
  ]);
});

Deno.test("rows writes a row that is larger than what is read at once", async () => {
  const text = "é€😀".repeat(400_000);
  const found = await readBatches(rows([{ a: 1 }, { text, big: 2n ** 64n }, { a: 2 }]), {
    rowsMax: 10,
    bytesMax: 1 << 20,
    recordBytesMax: 1 << 26,
  });
  assertEquals(found.flatMap(recordsOf).map((record) => record.length), [7, text.length + 38, 7]);
  assertEquals(JSON.parse(found.flatMap(recordsOf)[1]!).text === text, true);
});

Deno.test("rows takes objects with toJSON, instances of classes and raw JSON", async () => {
  class Point {
    constructor(readonly x: number, readonly y: bigint) {}
  }
  const data = [
    { url: new URL("https://example.org/a"), point: new Point(1, 2n) },
    new Point(3, 4n),
    { decimal: rawJson("0.1000000000000000000001") },
    { decimal: rawJson("12345678901234567890"), big: 1n },
    Object.assign(Object.create(null), { a: 1n }),
    { list: [{ toJSON: () => [1n] }, Object.assign([1n], { toJSON: () => "list" })] },
    { toJSON: () => ({ a: new Date(0) }) },
  ];
  assertEquals(await readRecords(rows(data)), [
    '{"url":"https://example.org/a","point":{"x":1,"y":2}}',
    '{"x":3,"y":4}',
    '{"decimal":0.1000000000000000000001}',
    '{"decimal":12345678901234567890,"big":1}',
    '{"a":1}',
    '{"list":[[1],"list"]}',
    '{"a":"1970-01-01T00:00:00.000Z"}',
  ]);
});

Deno.test("rows names row and column of a value that has no form in JSON, and not the value", async () => {
  const circle: Record<string, unknown> = {};
  circle.self = { circle };
  const values: unknown[] = [
    new Map([["secret", 1]]),
    new Set(["secret"]),
    () => "secret",
    Symbol("secret"),
    new Date(NaN),
    new Int32Array(3),
    Promise.resolve("secret"),
    /secret/,
    circle,
  ];
  for (const value of values) {
    for (const shown of [value, { deep: [value] }]) {
      const reading = readRecords(rows([{ tags: 1 }, { a: 1n, tags: shown }], { name: "orders" }));
      const error = await assertRejects(() => reading, LoadError, "row 2 of orders, column tags: ");
      assertEquals([error.code, error.message.includes("secret")], ["source_malformed", false]);
    }
  }
});

Deno.test("rows refuses a row that is no object", async () => {
  const none = [1, "secret", null, undefined, [1], new Date(), new Uint8Array(1), new Map()];
  const others = [rawJson('"secret"'), { toJSON: () => "secret" }, { toJSON: () => [1] }];
  for (const row of [...none, ...others]) {
    const reading = readRecords(rows([{}, row] as object[]));
    const error = await assertRejects(() => reading, LoadError, "Cannot write row 2 of rows: ");
    assertEquals(error.message.includes("secret"), false);
  }
});

Deno.test("rows takes what iterates, asynchronously too", async () => {
  const expected = ['{"a":0}', '{"a":1}', '{"a":2}'];
  const stream = new ReadableStream<object>({
    start(controller) {
      for (let a = 0; a < 3; a++) controller.enqueue({ a });
      controller.close();
    },
  });
  for (const source of [new Set([{ a: 0 }, { a: 1 }, { a: 2 }]), count(3), stream]) {
    assertEquals(await readRecords(rows(source)), expected);
  }
  assertEquals(await readRecords(rows([])), []);
});

Deno.test("rows carries name, columns and table", () => {
  const columns = [{ name: "a", type: "int32", nullable: false, key: true }] as const;
  const { name, table, columns: carried } = rows([], { name: "orders", table: "t", columns });
  assertEquals([name, table, carried], ["orders", "t", columns]);
  assertEquals(rows([]).name, "rows");
});

Deno.test("rows pulls no more than a chunk ahead, and ends the iterator when closed early", async () => {
  for (const asynchronous of [false, true]) {
    const log = { pulled: 0, ended: false };
    const source = asynchronous ? count(1e9, log) : countNow(1e9, log);
    const limits = { rowsMax: 10, bytesMax: 1000, recordBytesMax: 1000 };
    const batcher = new Batcher(rows(source).parts(), limits);
    await batcher.next();
    const { pulled } = log;
    assertEquals(pulled > 10 && pulled < 50_000, true);
    await batcher.next();
    assertEquals(log.pulled, pulled);
    await batcher.close();
    assertEquals(log.ended, true);
  }
});

Deno.test("rows that wait for their next row can be closed", async () => {
  const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
  const limits = { rowsMax: 10, bytesMax: 1000, recordBytesMax: 1000 };
  const batcher = new Batcher(rows(never).parts(), limits);
  const next = assertRejects(() => batcher.next(), LoadError, "stopped");
  await Promise.resolve();
  await batcher.close();
  await next;
});

Deno.test("rows says after how many rows the iterator threw, and keeps its error", async () => {
  for (const source of [failing(), failingNow()]) {
    const error = await assertRejects(() => readRecords(rows(source)), LoadError, "after 2 rows");
    assertEquals(error.code, "source_unreadable");
    assertEquals((error.cause as Error).message, "secret");
    assertEquals(error.message.includes("secret"), false);
  }
});

async function* count(rows: number, log = { pulled: 0, ended: false }): AsyncGenerator<object> {
  await Promise.resolve();
  yield* countNow(rows, log);
}

function* countNow(rows: number, log: { pulled: number; ended: boolean }): Generator<object> {
  try {
    for (let a = 0; a < rows; a++) {
      log.pulled++;
      yield { a };
    }
  } finally {
    log.ended = true;
  }
}

async function* failing(): AsyncGenerator<object> {
  await Promise.resolve();
  yield* failingNow();
}

function* failingNow(): Generator<object> {
  yield { a: 1 };
  yield { a: 2 };
  throw new Error("secret");
}

function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}
