/** Cells as bytes: they say what cells as values say, whoever has packed them. */
import { assert, assertEquals } from "@std/assert";
import type { Batch } from "../../../src/model/batch.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import { type Cell, type PackedCells, TAG } from "../../../host/codec/codec.ts";
import { packCells } from "../../../host/codec/packed_cells.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { batchOf, columnsOf, csvFormat, LENIENT } from "./sample_batch.ts";

await buildCodec();

/** The values that packed cells stand for. */
function unpacked({ tags, values, bytes }: PackedCells): Cell[] {
  const longs = new BigInt64Array(values.buffer, values.byteOffset, values.length);
  const spans = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  return Array.from(tags, (tag, i) => {
    const cut = bytes.slice(spans[2 * i], spans[2 * i + 1]);
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.text:
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(cut);
      case TAG.short:
      case TAG.long:
        return longs[i]!;
      case TAG.double:
        return values[i]!;
      case TAG.doubleText:
        return Number(new TextDecoder().decode(cut));
      default:
        assertEquals(tag, TAG.octets);
        return cut;
    }
  });
}

const COLUMNS = columnsOf({
  n: "int64",
  b: "boolean",
  t: "text",
  f: "float64",
  x: "bytes",
  j: "json",
  d: "decimal",
});

const RECORDS = [
  `{"n":1,"b":true,"t":"plain","f":0.1,"x":"AQID","j":[1, "é"],"d":1.10}\n`,
  `{"n":-9223372036854775808,"b":false,"t":"äöü€𝄞","f":1e308,"x":"","j":{},"d":-0.000001}\n`,
  `{"n":9007199254740993,"t":"\\u00e9\\ud834\\udd1e\\n\\u0000","f":-0.0,"j":"\\u00e9","d":12345678901234567890}\n`,
  `{"n":"no number","t":"rejected"}\n`,
  `{"n":1.0,"t":"left to the reference \\u20ac","f":123456789012345678901234567890}\n`,
  `{}\n`,
  `{"n":2147483648,"t":"${"x".repeat(5_000)}é"}\n`,
];

const BATCHES: readonly (readonly [string, Batch])[] = [
  ["NDJSON", batchOf(Array.from({ length: 700 }, (_, i) => RECORDS[i % RECORDS.length]!), COLUMNS)],
  [
    "CSV",
    batchOf(
      Array.from({ length: 500 }, (_, i) => i % 5 === 4 ? `x,y\n` : `${i},"a ""${i}"" 日本é"\n`),
      columnsOf({ n: "int32", t: "text" }),
      csvFormat(["n", "t"]),
    ),
  ],
];

for (const [name, batch] of BATCHES) {
  for (const rowsMax of [1, 64, 100_000]) {
    Deno.test(`packed: ${name}, ${rowsMax} rows at a time, are the same cells, rows and rejects`, async () => {
      const codec = await createWasmCodec();
      const [cells, rows, packed, packedRows]: [Cell[], number[], Cell[], number[]] = [
        [],
        [],
        [],
        [],
      ];
      const reader = codec.cells(batch, LENIENT);
      while (reader.read(1_000, cells, rows) > 0);
      const packing = codec.cells(batch, { ...LENIENT, packed: true });
      for (let part; (part = packing.readPacked!(rowsMax, packedRows)) !== undefined;) {
        assert(part.rows <= rowsMax);
        assertEquals(part.tags.length, part.rows * batch.shape.columns.length);
        packed.push(...unpacked(part));
      }
      assertEquals(packedRows, rows);
      assertEquals(packed, cells);
      assertEquals(packing.rejects, reader.rejects);
      assert(reader.rejects.length > 0);
    });
  }
}

Deno.test("packed: cells of any kind are packed as they are", () => {
  const cells = [
    null,
    5n,
    -(2n ** 63n),
    0.5,
    NaN,
    "",
    "é€",
    Uint8Array.of(0, 255),
    new Uint8Array(0),
  ];
  const { rows, bytes, ...more } = packCells(cells, 1);
  assertEquals(rows, 1);
  assertEquals(unpacked({ rows, bytes, ...more }), cells);
  assert(bytes.length >= 5 + 2 + 16);
});
