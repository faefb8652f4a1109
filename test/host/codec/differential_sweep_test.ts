/** The fast codec against the reference where every case can be tried: both must give the same. */
import type { ColumnType } from "../../../src/model/column_type.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import {
  asText,
  batchOf,
  codecPair,
  columnsOf,
  everyTask,
  expectSame,
  oneTaskEach,
  valueBatches,
} from "./differential_expect.ts";
import { csvFormat } from "./sample_batch.ts";

const V = columnsOf({ v: "text" });

/** Where the ranges of bytes that UTF-8 tells apart begin and end. */
const EDGES = [
  ...[0x00, 0x22, 0x41, 0x7f, 0x80, 0x8f, 0x90],
  ...[0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xed],
];
/** First bytes of sequences, and their neighbours. */
const LEADS = [
  ...[0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed],
  ...[0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5],
];

Deno.test("codecs agree on every value that ends at any distance from a boundary", async () => {
  const values: [ColumnType, string[]][] = [
    ["text", [
      "",
      "a",
      "é",
      "😀",
      '"',
      "\\",
      "\n",
      "\u0000",
      "a€",
      "aaaaaaaaaaaaaaa",
      "é".repeat(16),
    ]],
    ["json", ["null", "1", "{}", '{"a":[1,"é\\n"]}', '"\\u0000"', '[[["]"]]]', "-1.5e3"]],
    ["int64", ["0", "-1", "9223372036854775807", "-9223372036854775808", "1e3", "12.0"]],
    ["float64", ["0.1", "-0", "1e22", "NaN", "-Infinity", "1.7976931348623157e308"]],
    ["decimal", ["0", "-0.00", "123456789.123456789", "1e-5"]],
    ["bytes", ["", "AA==", "AAA=", "AAAA", "/+/+/+/+/+/+/+/+/+/+/+/+"]],
    ["boolean", ["true", "FALSE", "t", "0"]],
    ["timestamptz", ["2024-02-29T23:59:59.999999+15:59", "0001-01-01 00:00Z"]],
    ["uuid", ["01234567-89ab-cdef-ABCD-EF0123456789"]],
  ];
  const pair = await codecPair();
  for (const [type, texts] of values) {
    const raw = texts.map((json) => ({ json }));
    for (const batch of valueBatches(type, [...raw, ...texts.flatMap(asText)], 63)) {
      await expectSame(pair, oneTaskEach(batch));
    }
  }
});

Deno.test("codecs agree on the last record of a batch, whatever stands behind it", async () => {
  const pair = await codecPair();
  const columns = columnsOf({ a: "text", b: "int64", c: "json" });
  for (let pad = 0; pad < 64; pad++) {
    const p = "é".repeat(pad % 3) + "x".repeat(pad);
    await expectSame(pair, oneTaskEach(batchOf([`{"a":"${p}","b":12,"c":{"d":1}}`], columns)));
    await expectSame(
      pair,
      oneTaskEach(batchOf([`{"c":[],"a":"x","b":${"1".repeat(pad)}`], columns)),
    );
    for (const last of [`${p},12,{}`, `${p},1,"[]"`, `,1,${p}`, `"${p}`]) {
      await expectSame(pair, oneTaskEach(batchOf([last], columns, csvFormat(["a", "b", "c"]))));
    }
  }
});

Deno.test("codecs agree on every few characters behind a value", async () => {
  const pair = await codecPair();
  const letters = ["\r", "\n", ",", '"', " ", "\u0000", "}", "1", "é"];
  const tails = [""];
  for (let first = 0, length = 1; length <= 3; length++) {
    const end = tails.length;
    for (; first < end; first++) tails.push(...letters.map((letter) => tails[first] + letter));
  }
  const values: [ColumnType, string][] = [
    ["int32", "7"],
    ["boolean", "true"],
    ["text", "a"],
    ["date", "2024-01-31"],
    ["json", "[]"],
  ];
  for (const [type, value] of values) {
    const columns = columnsOf({ v: type, w: "text" });
    const json = [value, JSON.stringify(value), "null", ""].flatMap((text) =>
      tails.map((tail) => `{"v":${text}${tail}`)
    );
    await expectSame(pair, oneTaskEach(batchOf(json, columns)));
    const csv = [value, `"${value}"`, "", '""'].flatMap((text) => tails.map((tail) => text + tail));
    const behind = csv.map((field) => `x,${field}`);
    const turned = columns.toReversed();
    const csvBatches = [
      batchOf(csv, columns.slice(0, 1), csvFormat(["v"])),
      batchOf(csv, columns, csvFormat(["v", "w"])),
      batchOf(behind, turned, csvFormat(["w", "v"])),
      batchOf(behind, columns, csvFormat(["w", "v"])),
    ];
    for (const batch of csvBatches) await expectSame(pair, oneTaskEach(batch));
  }
});

Deno.test("codecs agree on every prefix of a record, and on every byte in its place", async () => {
  const pair = await codecPair();
  const columns = columnsOf({
    id: "int64",
    text: "text",
    doc: "json",
    at: "timestamp",
    raw: "bytes",
  });
  const format = csvFormat(["id", "text", "doc", "at", "raw"]);
  const at = "2024-01-31T12:30:00.5";
  const records = [
    [`{"id":-120,"text":"a\\u00e9\\ud83d\\ude00é","doc":{"k":[1e5,true]},"at":"${at}","raw":"AQI="}\n`],
    [` { "raw" : null , "id" : 1.0e1 , "text" : [ "\\\\" , { } ] , "doc" : "x\\"" }\r\n`],
    [`-120,"a ""b"" é😀","{""k"":[1,null]}",${at},AQI=\r\n`, format],
  ] as const;
  const ascii = Array.from({ length: 128 }, (_, byte) => byte);
  for (const [text, ...formats] of records) {
    const bytes = new TextEncoder().encode(text);
    const prefixes = Array.from(bytes, (_, end) => bytes.slice(0, end));
    await expectSame(pair, everyTask(batchOf(prefixes, columns, ...formats)));
    const changed = [...bytes].flatMap((_, i) =>
      [...ascii, ...EDGES, ...LEADS].map((byte) => bytes.with(i, byte))
    );
    await expectSame(pair, oneTaskEach(batchOf(changed, columns, ...formats)));
  }
});

Deno.test("codecs agree on every sequence of two bytes, and on longer ones at the edges of UTF-8", async () => {
  const pair = await codecPair();
  const sequences: number[][] = [];
  for (let i = 0; i < 65_536; i++) {
    const first = i >> 8;
    if (first >= 0x80 || EDGES.includes(first)) sequences.push([first, i & 0xff]);
  }
  for (const lead of LEADS) {
    for (const second of EDGES) {
      for (const third of EDGES) {
        sequences.push([lead, second, third]);
        for (const last of [0x22, 0x7f, 0x80, 0xbf, 0xc0]) {
          sequences.push([lead, second, third, last]);
        }
      }
    }
  }
  const inside = (before: string, after: string) =>
    sequences.map((sequence) => Uint8Array.of(...encoded(before), ...sequence, ...encoded(after)));
  await expectSame(pair, oneTaskEach(batchOf(inside('{"v":"', '"}\n'), V)));
  await expectSame(pair, oneTaskEach(batchOf(inside('"', '"\n'), V, csvFormat(["v"]))));
});

Deno.test("codecs agree on every code unit as an escape, and on pairs of surrogates", async () => {
  const pair = await codecPair();
  const escape = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;
  const edges = [0x0041, 0xd7ff, 0xd800, 0xd801, 0xdbff, 0xdc00, 0xdc01, 0xdfff, 0xe000];
  const texts = Array.from({ length: 65_536 }, (_, unit) => escape(unit));
  for (const high of edges) {
    for (const low of edges) {
      texts.push(escape(high) + escape(low), `${escape(high)}x${escape(low)}`);
      texts.push(escape(high) + escape(low).toUpperCase().replace("U", "u") + escape(0xdc00));
    }
  }
  for (let letter = 0; letter < 128; letter++) texts.push(`\\${String.fromCharCode(letter)}abcd`);
  const some = texts.filter((_, i) => i > 65_535 || i % 64 < 2);
  for (const type of ["text", "json"] as const) {
    const columns = columnsOf({ v: type });
    const records = (list: readonly string[], pad: string) =>
      list.map((text) => `{"v":"${pad}${text}"}\n`);
    await expectSame(
      pair,
      oneTaskEach(batchOf(records(type === "text" ? texts : some, ""), columns)),
    );
    await expectSame(pair, oneTaskEach(batchOf(records(some, "x".repeat(13)), columns)));
  }
});

Deno.test("codecs agree on JSON nested around the limit", async () => {
  const pair = await codecPair();
  const nested = (open: string, close: string, depth: number) =>
    open.repeat(depth) + "1" + close.repeat(depth);
  const documents = [];
  for (let depth = LIMITS.jsonDepthMax - 3; depth <= LIMITS.jsonDepthMax + 3; depth++) {
    documents.push(
      nested("[", "]", depth),
      nested('{"a":', "}", depth),
      nested('[{"":', "}]", depth / 2),
    );
    documents.push(
      nested("[0,", ']"', depth),
      nested("[", "", depth),
      `[[],${nested("[", "]", depth)}]`,
    );
  }
  documents.push(nested("[", "]", 200_000), "[".repeat(100_000), '{"":'.repeat(100_000));
  for (const type of ["json", "text", "int32"] as const) {
    const values = documents.flatMap((
      json,
    ) => [{ json }, { csv: `"${json.replaceAll('"', '""')}"` }]);
    for (const batch of valueBatches(type, values)) await expectSame(pair, oneTaskEach(batch));
  }
  const unknown = documents.map((json) => `{"other":${json},"v":"1"}\n{"v":${json},"v":"2"}`);
  await expectSame(pair, oneTaskEach(batchOf(unknown, V)));
});

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
