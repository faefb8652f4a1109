import { assert, assertEquals } from "@std/assert";
import type { Column } from "../../../src/model/batch.ts";
import { lineOfRow } from "../../../src/model/batch.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Codec } from "../../../host/codec/codec.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, decodeCopy } from "./sample_batch.ts";

const AB = columnsOf({ a: "text", b: "int64" });

function rowsOf(
  codec: Codec,
  records: readonly string[],
  columns: readonly Column[] = AB,
): (string | null)[][] {
  const encoded = copyText(codec, batchOf(records, columns));
  assertEquals(encoded.rejects, []);
  assertEquals(encoded.rowOf, records.map((_, row) => row));
  return decodeCopy(encoded.bytes);
}

testCodecs("matches fields to columns by name, in any order and spelling", (codec) => {
  assertEquals(
    rowsOf(codec, [
      '{"a":"x","b":1}\n',
      '{"b":2,"a":"y"}\n',
      '{"b":3}\n',
      "{}\n",
      ' {\t"a" :"z" , "\\u0062": 4 } \r\n',
      '{"a":null,"b":5,"b":6}\n\n',
      '{"a":"kept","b":7,"a":null}',
    ]),
    [["x", "1"], ["y", "2"], [null, "3"], [null, null], ["z", "4"], [null, "6"], [null, "7"]],
  );
});

testCodecs("matches keys that need escapes, prefixes of others, and the empty key", (codec) => {
  const columns = columnsOf({
    "": "int64",
    n: "int64",
    na: "int64",
    'q"\\': "int64",
    größe: "int64",
  });
  assertEquals(
    rowsOf(codec, [
      '{"":1,"n":2,"na":3,"q\\"\\\\":4,"größe":5}',
      '{"gr\\u00f6\\u00dfe":5,"na":3,"n":2,"":1}',
    ], columns),
    [["1", "2", "3", "4", "5"], ["1", "2", "3", null, "5"]],
  );
});

testCodecs("rejects records with the code, the place and no value", (codec) => {
  const cases: [string | Uint8Array, string, number | undefined, string?][] = [
    ["", "malformed", 1],
    ["   ", "malformed", 4],
    ["[1]", "malformed", 1],
    ['"a"', "malformed", 1],
    ["\ufeff{}", "malformed", 1],
    ['{"a":1', "malformed", 7],
    ['{"a":1}}', "malformed", 8],
    ['{"a":1} {"a":2}', "malformed", 9],
    ['{"a":1,}', "malformed", 8],
    ['{"a" 1}', "malformed", 6],
    ["{'a':1}", "malformed", 2],
    ['{"a":}', "malformed", 6],
    ['{"a":01}', "malformed", 7],
    ['{"a":1.}', "malformed", 8],
    ['{"a":-}', "malformed", 7],
    ['{"a":1e+}', "malformed", 9],
    ['{"a":.5}', "malformed", 6],
    ['{"a":NaN}', "malformed", 6],
    ['{"a":nul}', "malformed", 6],
    ['{"a":trueish}', "malformed", 10],
    ['{"a":"\t"}', "malformed", 7],
    ['{"a":"x\ny"}', "malformed", 8],
    ['{"a":"\\x"}', "malformed", 7],
    ['{"a":"\\u12g4"}', "malformed", 7],
    ['{"a":"open}', "malformed", 12],
    ['{"a":[1,]}', "malformed", 9],
    ['{"a":[1 2]}', "malformed", 9],
    ['{"größe":1,"a"!}', "malformed", 15],
    ['{"a":"\\ud800x"}', "encoding", 7],
    ['{"a":"1","zz":["\\udfff"]}', "encoding", 17],
    [Uint8Array.of(...new TextEncoder().encode('{"a":"é'), 0xc0, 0x80, 0x22, 0x7d), "encoding", 8],
    ['{"a":"x","c":1}', "unknown_field", undefined, "c"],
    ['{"c":1,"d":2,"b":"x"}', "unknown_field", undefined, "c"],
    ['{"b":"secret"}', "type", undefined, "b"],
    ['{"b":99999999999999999999}', "range", undefined, "b"],
  ];
  for (const [record, code, position, column] of cases) {
    const batch = batchOf([record], AB);
    const { rejects, rows, bytes } = copyText(codec, batch);
    const [reject] = rejects;
    assertEquals(
      [reject?.code, reject?.position, reject?.column],
      [code, position, column],
      String(record),
    );
    assertEquals([rows, bytes.length, rejects.length], [0, 0, 1]);
    assert(!reject!.message.includes("secret") && !reject!.message.includes("999"));
    assertEquals(allCells(codec, batch).rejects, rejects);
  }
});

testCodecs("cuts the names of unknown fields to well-formed text", (codec) => {
  const name = "x".repeat(99) + "😀".repeat(10);
  const [reject] = copyText(codec, batchOf([JSON.stringify({ [name]: 1 })], AB)).rejects;
  assertEquals(reject?.column, "x".repeat(99) + "\ufffd");
});

testCodecs("rejects NULL where the column takes none, and in every key", (codec) => {
  const columns: Column[] = [
    { name: "k", type: "int64", nullable: true, key: true },
    { name: "n", type: "text", nullable: false, key: false },
  ];
  const { rejects } = copyText(
    codec,
    batchOf(['{"k":1,"n":"a"}', '{"n":"a"}', '{"k":1,"n":null}'], columns),
  );
  assertEquals(rejects.map((r) => [r.ordinal, r.code, r.column]), [
    [101, "null", "k"],
    [102, "null", "n"],
  ]);
});

testCodecs("limits the depth of JSON and the size of records", (codec) => {
  const columns = columnsOf({ a: "json" });
  const nested = (depth: number): string =>
    `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}\n`;
  const deepest = copyText(codec, batchOf([nested(LIMITS.jsonDepthMax)], columns));
  assertEquals(deepest.rows, 1);
  const deeper = copyText(
    codec,
    batchOf([nested(LIMITS.jsonDepthMax + 1), nested(100_000)], columns),
  );
  const position = 6 + LIMITS.jsonDepthMax - 1;
  assertEquals(deeper.rejects.map((r) => [r.code, r.position]), [
    ["malformed", position],
    ["malformed", position],
  ]);
  const large = new Uint8Array(LIMITS.recordBytesMax + 1).fill(0x20);
  large.set(new TextEncoder().encode('{"a":1}'));
  assertEquals(copyText(codec, batchOf([large], columns)).rejects[0]?.code, "too_large");
  large[large.length - 1] = 10;
  assertEquals(copyText(codec, batchOf([large], columns)).rows, 1);
});

testCodecs("leaves nothing of a rejected row, and says which rows are there", (codec) => {
  const good = ['{"a":"one\\t","b":1}\n', '{"a":"two","b":2}\n\n', '{"a":"three","b":3}\n'];
  const bad = '{"a":"a long text that is written first","b":"x"}\n';
  const whole = { ...batchOf([bad, good[0]!, bad, bad, good[1]!, good[2]!, bad], AB), line: 8 };
  const encoded = copyText(codec, whole, { ordinal: true });
  assertEquals(decodeCopy(encoded.bytes), [
    ["one\t", "1", "101"],
    ["two", "2", "104"],
    ["three", "3", "105"],
  ]);
  assertEquals([encoded.rows, encoded.rowOf], [3, [1, 4, 5]]);
  assertEquals(
    encoded.rejects.map((r) => [r.ordinal, r.line, r.part]),
    [0, 2, 3, 6].map((row) => [100 + row, lineOfRow(whole, row), "sample"]),
  );
  const cells = allCells(codec, whole);
  assertEquals(cells.numbers, [1, 4, 5]);
  assertEquals(cells.rows, [["one\t", 1n], ["two", 2n], ["three", 3n]]);
  assertEquals(cells.rejects, encoded.rejects);
});

testCodecs("writes ordinals of any size, and rows without columns", (codec) => {
  const batch = batchOf(["{}", "{}"], []);
  const text = (ordinal: number): string =>
    new TextDecoder().decode(copyText(codec, { ...batch, ordinal }, { ordinal: true }).bytes);
  assertEquals(text(0), "0\n1\n");
  assertEquals(text(9), "9\n10\n");
  assertEquals(text(99_999_999_999), "99999999999\n100000000000\n");
  assertEquals(text(Number.MAX_SAFE_INTEGER - 1), "9007199254740990\n9007199254740991\n");
  assertEquals(new TextDecoder().decode(copyText(codec, batch).bytes), "\n\n");
});

testCodecs("encodes an empty batch", (codec) => {
  const encoded = copyText(codec, batchOf([], AB), { ordinal: true });
  assertEquals([encoded.bytes.length, encoded.rows, encoded.rejects.length], [0, 0, 0]);
  assertEquals(allCells(codec, batchOf([], AB)).rows, []);
});

testCodecs("reads cells of large rows and of rows beyond one window", (codec) => {
  const texts = Array.from({ length: 700 }, (_, i) => "x".repeat(i % 100 === 0 ? 600_000 : i));
  const batch = batchOf(texts.map((t, i) => JSON.stringify({ a: t, b: i }) + "\n"), AB);
  const { rows } = allCells(codec, batch, { slice: 1000 });
  assertEquals(rows.length, 700);
  assert(rows.every(([a, b], i) => a === texts[i] && b === BigInt(i)));
});

testCodecs("hashes the bytes of a batch with XXH64", (codec) => {
  assertEquals(
    codec.contentHash(batchOf(["abc"], AB)).hex(),
    "44bc2cf5ad770999",
  );
});
