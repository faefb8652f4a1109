/** What the rules for U+0000 make of it, in both forms of COPY and in cells. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Batch } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import {
  type CellRules,
  type Codec,
  PIECE_HEADROOM,
  type WireType,
} from "../../../host/codec/codec.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, decodeCopy } from "./sample_batch.ts";

type Rule = CellRules["nul"];

/** Bytes of binary COPY data before the field of the only row, its length included, and behind it. */
const BINARY_HEAD = 19 + 2 + 4;
const BINARY_TRAILER = 2;

function jsonValue(type: ColumnType, json: string): Batch {
  return batchOf([`{"v":${json}}\n`], columnsOf({ v: type }));
}

function csvField(type: ColumnType, field: string): Batch {
  return batchOf([`${field}\r\n`], columnsOf({ v: type }), csvFormat(["v"]));
}

/** The only cell of a batch, which is the same in all outputs; or why it is rejected. */
function cellOf(codec: Codec, batch: Batch, nul: Rule): string | null {
  const rules = { nul, nan: true };
  const copy = copyText(codec, batch, { rules });
  const cells = allCells(codec, batch, { rules });
  assertEquals(cells.rejects, copy.rejects);
  const [rejected] = copy.rejects;
  if (rejected !== undefined) return `rejected: ${rejected.code}`;
  const [[cell]] = cells.rows as [[string | null]];
  assertEquals(decodeCopy(copy.bytes), [[cell]]);
  if (cell !== null) {
    const json = batch.shape.columns[0]!.type === "json";
    for (const wire of json ? ["json", "jsonb"] as const : ["text"] as const) {
      assertEquals(binaryField(codec, batch, { wire, rules }), cell, wire);
    }
  }
  return cell;
}

function binaryField(
  codec: Codec,
  batch: Batch,
  { wire, rules }: { readonly wire: WireType; readonly rules: CellRules },
): string {
  const options = { format: "binary" as const, types: [wire], ordinal: false, rules };
  const data = codec.copy(batch, options).next()!.slice(PIECE_HEADROOM);
  const field = data.subarray(BINARY_HEAD, -BINARY_TRAILER);
  assertEquals(new DataView(data.buffer).getInt32(BINARY_HEAD - 4), field.length);
  // A jsonb begins with its version.
  return new TextDecoder().decode(field.subarray(wire === "jsonb" ? 1 : 0));
}

/** A cell, and what each rule makes of it. */
type Case = readonly [Batch, string, string];

const REPAIRED: readonly Case[] = [
  // Texts: the character itself.
  [jsonValue("text", '"a\\u0000b"'), "ab", "a\\u0000b"],
  [jsonValue("text", '"\\u0000"'), "", "\\u0000"],
  [jsonValue("text", '"\\u0000\\u0000x\\u0000"'), "x", "\\u0000\\u0000x\\u0000"],
  [jsonValue("text", '"\\\\\\u0000\\t"'), "\\\t", "\\\\u0000\t"],
  [jsonValue("text", '"é\\u0000😀\\ud83d\\ude00"'), "é😀😀", "é\\u0000😀😀"],
  [jsonValue("other", '"a\\u0000"'), "a", "a\\u0000"],
  [csvField("text", "a\0b"), "ab", "a\\u0000b"],
  [csvField("text", "\0"), "", "\\u0000"],
  [csvField("text", '"a\0""\r\n\0é"'), 'a"\r\né', 'a\\u0000"\r\n\\u0000é'],
  // JSON: its escape, in strings and in keys, all else byte for byte the same.
  [jsonValue("json", '"a\\u0000b"'), '"ab"', '"a\\\\u0000b"'],
  [
    jsonValue("json", '{ "\\u0000k" : [1.0e2,"\\u0000"] }'),
    '{ "k" : [1.0e2,""] }',
    '{ "\\\\u0000k" : [1.0e2,"\\\\u0000"] }',
  ],
  [jsonValue("json", '["\\\\u0000\\u0000"]'), '["\\\\u0000"]', '["\\\\u0000\\\\u0000"]'],
  [jsonValue("json", '["\\\\\\u0000"]'), '["\\\\"]', '["\\\\\\\\u0000"]'],
  [
    jsonValue("json", '["\\u00000\\u0001\\"\\u0000"]'),
    '["0\\u0001\\""]',
    '["\\\\u00000\\u0001\\"\\\\u0000"]',
  ],
  [csvField("json", '"""\\u0000"""'), '""', '"\\\\u0000"'],
  [csvField("json", '"{""é\\u0000"": 1}"'), '{"é": 1}', '{"é\\\\u0000": 1}'],
];

testCodecs("strips or escapes U+0000, or keeps or rejects it", (codec) => {
  for (const [batch, stripped, escaped] of REPAIRED) {
    const source = new TextDecoder().decode(batch.bytes);
    assertEquals(cellOf(codec, batch, "strip"), stripped, source);
    assertEquals(cellOf(codec, batch, "escape"), escaped, source);
    assertEquals(cellOf(codec, batch, "reject"), "rejected: encoding", source);
    assertEquals(cellOf(codec, batch, "keep")!.length >= stripped.length, true, source);
  }
});

testCodecs("leaves alone what is not U+0000, whatever the rule", (codec) => {
  const alike: readonly (readonly [Batch, string | null])[] = [
    [jsonValue("text", '"\\\\u0000"'), "\\u0000"],
    [jsonValue("text", '["\\u0000"]'), '["\\u0000"]'],
    [jsonValue("json", '"\\\\u0000"'), '"\\\\u0000"'],
    [jsonValue("json", '"\\\\\\\\u0000"'), '"\\\\\\\\u0000"'],
    [jsonValue("json", '"\\u0001\\u000a"'), '"\\u0001\\u000a"'],
    [csvField("text", "\\u0000"), "\\u0000"],
    [csvField("text", ""), null],
    // A byte that JSON does not allow in a string, and types that have no text.
    [jsonValue("text", '"a\0b"'), "rejected: malformed"],
    [jsonValue("json", '["\0"]'), "rejected: malformed"],
    [csvField("json", '"""\0"""'), "rejected: type"],
    [csvField("json", "1\0"), "rejected: type"],
    [csvField("date", "2024-01-01\0"), "rejected: type"],
    [csvField("int64", "1\0"), "rejected: type"],
    [jsonValue("bytes", '"AAEC\\u0000"'), "rejected: type"],
  ];
  for (const [batch, expected] of alike) {
    for (const nul of ["reject", "strip", "escape"] as const) {
      assertEquals(cellOf(codec, batch, nul), expected, new TextDecoder().decode(batch.bytes));
    }
  }
});

testCodecs("counts the rows that it repairs: once each, and none that is rejected", (codec) => {
  const columns = columnsOf({ a: "text", b: "json", c: "int16" });
  const batch = batchOf([
    '{"a":"\\u0000","b":["\\u0000"],"c":1}\n',
    '{"a":"plain","b":"\\\\u0000","c":2}\n',
    '{"a":"\\u0000","b":1,"c":70000}\n',
    '{"a":null,"b":{"\\u0000":1}}\n',
    '{"a":"\\u0000"\n',
  ], columns);
  const types = ["text", "jsonb", "int2"] as const;
  const counts = { keep: [0, 3], reject: [0, 1], strip: [2, 3], escape: [2, 3] } as const;
  for (const nul of ["keep", "reject", "strip", "escape"] as const) {
    const rules = { nul, nan: true };
    for (const format of ["text", "binary"] as const) {
      const encoder = codec.copy(batch, { format, types, ordinal: true, rules });
      while (encoder.next());
      assertEquals([encoder.repaired, encoder.rows], counts[nul], `${nul}, ${format}`);
    }
    const reader = codec.cells(batch, rules);
    const rows: number[] = [];
    const soFar: number[] = [];
    while (reader.read(1, [], rows) > 0) soFar.push(reader.repaired);
    assertEquals([reader.repaired, rows.length], counts[nul], nul);
    if (nul === "strip") assertEquals(soFar, [1, 1, 2]);
  }
});

/** Texts in which U+0000 and what resembles it are frequent. */
const text = fc.array(fc.constantFrom("\0", "\\", "u0000", '"', "a", "é", "😀", "\n", "0"), {
  maxLength: 12,
}).map((parts) => parts.join(""));

testCodecs("repairs JSON to what the repaired strings and keys are", (codec) => {
  const value = fc.oneof(text, fc.array(text), fc.dictionary(text, fc.tuple(text, fc.integer())));
  const replacements = { strip: "", escape: "\\u0000" } as const;
  fc.assert(
    fc.property(value, fc.constantFrom("strip", "escape"), (value, nul) => {
      const json = JSON.stringify(value);
      const repaired = (text: string) => text.replaceAll("\0", replacements[nul]);
      const expected = JSON.stringify(mapped(value, repaired));
      const cell = cellOf(codec, jsonValue("json", json), nul)!;
      // Equal keys are one for the engine, so it has to read both.
      assertEquals(JSON.stringify(JSON.parse(cell)), expected);
      assertEquals(cellOf(codec, csvField("json", `"${json.replaceAll('"', '""')}"`), nul), cell);
      if (typeof value !== "string") return;
      assertEquals(cellOf(codec, jsonValue("text", json), nul), repaired(value));
      const field = `"${value.replaceAll('"', '""')}"`;
      assertEquals(cellOf(codec, csvField("text", field), nul), repaired(value));
    }),
    { numRuns: 500 },
  );
});

/** A value with every string and key of it changed. */
function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapped(item, change)]),
  );
}
