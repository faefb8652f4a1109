/** The binary form of COPY, byte by byte; the expected bytes are those of a server's send functions. */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Batch, Column } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { buildCodec } from "../../../tools/build_codec.ts";
import {
  type Codec,
  type CopyEncoder,
  PIECE_HEADROOM,
  type WireType,
} from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { createWasmCodec } from "../../../host/codec/wasm_codec.ts";
import { WIRE_CELLS } from "./binary_cell.ts";
import { testCodecs } from "./both_codecs.ts";
import { batchOf, csvFormat, STRICT } from "./sample_batch.ts";

const HEAD = "5047434f50590aff0d0a00" + "00000000" + "00000000";
const TRAILER = "ffff";
const RULES = { nul: "reject", nan: true } as const;

function columnsOf(types: readonly WireType[]): Column[] {
  return types.map((wire, i) => ({
    name: `v${i}`,
    type: WIRE_CELLS[wire].type,
    nullable: true,
    key: false,
  }));
}

/** One record for each cell, in one column. */
function batchOfCells(wire: WireType, cells: readonly string[]): Batch {
  return batchOf(cells.map((cell) => `{"v0":${cell}}\n`), columnsOf([wire]));
}

function hexOf(encoder: CopyEncoder): string {
  let hex = "";
  for (let piece = encoder.next(); piece !== undefined; piece = encoder.next()) {
    hex += piece.subarray(PIECE_HEADROOM).toHex();
  }
  return hex;
}

/** What stands in the field of a row that has one. */
function fieldOf(codec: Codec, wire: WireType, cell: string): string {
  const options = { format: "binary" as const, types: [wire], ordinal: false, rules: RULES };
  const encoder = codec.copy(batchOfCells(wire, [cell]), options);
  const hex = hexOf(encoder);
  assertEquals(encoder.rejects, []);
  assertEquals(hex.slice(0, HEAD.length + 4), `${HEAD}0001`);
  assertEquals(hex.slice(-TRAILER.length), TRAILER);
  const field = hex.slice(HEAD.length + 4, -TRAILER.length);
  assertEquals(parseInt(field.slice(0, 8), 16), (field.length - 8) / 2);
  return field.slice(8);
}

const FIELDS: readonly (readonly [WireType, string, string])[] = [
  ["bool", "true", "01"],
  ["bool", '"F"', "00"],
  ["int2", "-2", "fffe"],
  ["int4", "-2147483648", "80000000"],
  ["int8", "9007199254740993", "0020000000000001"],
  ["int8", "1.20e2", "0000000000000078"],
  ["numeric", "12345.6780", "0003000100000004000109291a7c"],
  ["numeric", "-0.00", "0000000000000002"],
  ["numeric", "-1e-7", "0001fffe40000007000a"],
  ["numeric", "1e16", "00010004000000000001"],
  ["numeric", "1.10e1", "0001000000000001000b"],
  ["float4", "1.00000005960464477539062500000000000001", "3f800001"],
  ["float4", "1.000000059604644775390625", "3f800000"],
  ["float4", "16777217", "4b800000"],
  ["float4", '"-Infinity"', "ff800000"],
  ["float4", '"NaN"', "7fc00000"],
  ["float8", "-0", "8000000000000000"],
  ["float8", "0.1", "3fb999999999999a"],
  ["float8", "5e-324", "0000000000000001"],
  ["float8", "9007199254740993", "4340000000000000"],
  ["float8", '"NaN"', "7ff8000000000000"],
  ["text", '"a\\t\\u00e9\\ud83d\\ude00"', "6109c3a9f09f9880"],
  ["text", '""', ""],
  ["json", '{"a": 1}', "7b2261223a20317d"],
  ["jsonb", "{}", "017b7d"],
  ["bytea", '"\\\\x000102"', "000102"],
  ["date", '"1999-12-31"', "ffffffff"],
  ["time", '"12:34:56.789"', "0000000a8be62608"],
  ["timestamp", '"1999-12-31 23:59:59.5"', "fffffffffff85ee0"],
  ["timestamptz", '"2000-01-01T00:00+01:30"', "fffffffebe228a00"],
  ["uuid", '"01234567-89AB-CDEF-abcd-EF0123456789"', "0123456789abcdefabcdef0123456789"],
];

testCodecs("writes each type as the server sends it", (codec) => {
  for (const [wire, cell, hex] of FIELDS) {
    assertEquals(fieldOf(codec, wire, cell), hex, `${wire} ${cell}`);
  }
});

testCodecs(
  "writes NULL without data, the ordinal as a last field, and leaves rejects out",
  (codec) => {
    const batch = batchOf(
      ['{"v0":1,"v1":null}\n', '{"v0":"x"}\n', '{"v1":"b"}\n'],
      columnsOf(["int4", "text"]),
    );
    const types = ["int4", "text"] as const;
    const encoder = codec.copy(batch, { format: "binary", types, ordinal: true, rules: STRICT });
    assertEquals(
      hexOf(encoder),
      HEAD +
        "0003" + "0000000400000001" + "ffffffff" + "00000008" + "0000000000000064" +
        "0003" + "ffffffff" + "0000000162" + "00000008" + "0000000000000066" +
        TRAILER,
    );
    assertEquals(encoder.rejects.map(({ ordinal, code }) => [ordinal, code]), [[101, "type"]]);
  },
);

testCodecs("writes head and trailer where no row is left", (codec) => {
  const options = { format: "binary" as const, types: ["int4"] as const, ordinal: false };
  for (const cells of [[], ['"x"']]) {
    const encoder = codec.copy(batchOfCells("int4", cells), { ...options, rules: STRICT });
    assertEquals(hexOf(encoder), HEAD + TRAILER);
  }
});

testCodecs("writes fields of CSV without their quotes", (codec) => {
  const columns = columnsOf(["text", "jsonb", "numeric"]);
  const batch = batchOf(
    ['"a ""b""","[""c""]",-0.50\n'],
    columns,
    csvFormat(columns.map(({ name }) => name)),
  );
  const types = ["text", "jsonb", "numeric"] as const;
  const encoder = codec.copy(batch, { format: "binary", types, ordinal: false, rules: STRICT });
  assertEquals(
    hexOf(encoder),
    `${HEAD}0003` + "00000005" + "6120226222" + "00000006" + "015b2263225d" +
      "0000000a" + "0001ffff400000021388" + TRAILER,
  );
});

testCodecs("ends a number with its record, whatever the next one begins with", (codec) => {
  const zeros = { numeric: "0".repeat(16), float4: "0".repeat(8), float8: "0".repeat(16) };
  for (const wire of ["numeric", "float4", "float8"] as const) {
    const columns = columnsOf([wire]);
    for (const next of ["15\n", ".15\n", "e5\n"]) {
      const batch = batchOf(["0", next], columns, csvFormat(["v0"]));
      const options = { format: "binary" as const, types: [wire], ordinal: false, rules: STRICT };
      const field = hexOf(codec.copy(batch, options)).slice(HEAD.length + 12);
      assertEquals(field.slice(0, zeros[wire].length), zeros[wire], `${wire} before ${next}`);
    }
  }
});

testCodecs("refuses types that do not fit the columns", (codec) => {
  for (const types of [undefined, [], ["int4"], ["int8", "int8"]] as const) {
    const options = { format: "binary" as const, ordinal: false, rules: STRICT };
    const encode = () =>
      codec.copy(batchOfCells("int8", ["1"]), types ? { ...options, types } : options);
    assertEquals(assertThrows(encode, LoadError).code, "bug");
  }
});

Deno.test("codec writes random cells of every type as the reference does", async () => {
  await buildCodec();
  const codec = await createWasmCodec();
  const reference = await createReferenceCodec();
  const seed = Date.now();
  for (const [wire, { extremes, random }] of Object.entries(WIRE_CELLS)) {
    const cells = [...extremes, ...fc.sample(random, { numRuns: 2_000, seed })];
    const batch = batchOfCells(wire as WireType, cells);
    const options = { format: "binary" as const, types: [wire as WireType], ordinal: true };
    const expected = reference.copy(batch, { ...options, rules: RULES });
    const encoder = codec.copy(batch, { ...options, rules: RULES });
    assertEquals(hexOf(encoder) === hexOf(expected), true, `${wire}, seed ${seed}`);
    assertEquals(encoder.rejects, expected.rejects);
  }
});

/** Numbers with every power of ten that a double has, of one digit and of seventeen. */
testCodecs("rounds numbers of every power of ten as JavaScript does", (codec) => {
  for (
    const digits of ["1", "9", "1.2345678901234567", "9.9999999999999999", "7.0000000000000001"]
  ) {
    const numbers = Array.from({ length: 616 }, (_, i) => `${digits}e${i - 308}`);
    const encoder = codec.copy(batchOfCells("float8", numbers), {
      format: "binary",
      types: ["float8"],
      ordinal: false,
      rules: STRICT,
    });
    const view = new DataView(Uint8Array.fromHex(hexOf(encoder)).buffer);
    assertEquals(encoder.rejects, []);
    numbers.forEach((number, i) => {
      assertEquals(view.getFloat64(HEAD.length / 2 + 14 * i + 6), Number(number), number);
    });
  }
});
