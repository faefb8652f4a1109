import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { fieldNames, inferColumns } from "../../../host/codec/infer.ts";
import { batchOf, csvFormat } from "./sample_batch.ts";

function typeOfValues(...values: string[]): ColumnType {
  const batch = batchOf(values.map((v) => `{"v":${v}}\n`), []);
  return inferColumns(batch, { key: [] }).columns[0]!.type;
}

function typeOfFields(...fields: string[]): ColumnType {
  const batch = batchOf(fields.map((f) => `${f}\n`), [], csvFormat(["v"]));
  return inferColumns(batch, { key: [] }).columns[0]!.type;
}

Deno.test("inference finds the type that keeps every digit and every kind", () => {
  const cases: [ColumnType, ...string[]][] = [
    ["int64", "1", "null", "-5"],
    ["int64", "9223372036854775807", "-9223372036854775808"],
    ["decimal", "1", "9223372036854775808"],
    ["float64", "0.1", "2.50", "1e3", "0.0"],
    ["float64", "5.0"],
    ["float64", "1", "0.5", "9007199254740991"],
    ["decimal", "0.5", "9007199254740993"],
    ["float64", "123456789012345e10"],
    ["float64", "0.30000000000000004", "1.7976931348623157e308", "5e-324"],
    ["decimal", "1.234567e-320"],
    ["decimal", "0.12345678901234567890"],
    ["decimal", "1e400"],
    ["decimal", "1e-400"],
    ["decimal", "0.5", "12345678901234567890"],
    ["boolean", "true", "false", "null"],
    ["text", '"a"', '"2024-01-01"'],
    ["text", "null", "null"],
    ["json", "{}", "null", "[1]"],
    ["json", "1", '"1"'],
    ["json", "true", "1"],
    ["json", '"a"', "{}"],
  ];
  for (const [type, ...values] of cases) {
    assertEquals(typeOfValues(...values), type, values.join(" "));
    assertEquals(typeOfValues(...values.toReversed()), type, values.join(" "));
  }
});

Deno.test("inference reads the fields of CSV by all their values", () => {
  const cases: [ColumnType, ...string[]][] = [
    ["int64", "1", '"2"', "-3"],
    ["int64", "0"],
    ["text", "1", "007"],
    ["text", "+1"],
    ["text", "1", "x"],
    ["text", "1", '""'],
    ["text", " 1"],
    ["float64", "1", "0.5"],
    ["decimal", "0.12345678901234567890"],
    ["decimal", "12345678901234567890"],
    ["boolean", "true", "False"],
    ["text", "true", "t"],
    ["text", "true", "1"],
    ["text", "NaN"],
    ["text", "{}"],
    ["text", '"1""2"'],
  ];
  for (const [type, ...fields] of cases) {
    assertEquals(typeOfFields(...fields), type, fields.join(" "));
  }
});

Deno.test("inference keeps the order of first appearance and makes keys not nullable", () => {
  const batch = batchOf([
    '{"b":1,"a":{"x":[1]}}\n',
    '{"c":"x","broken":\n',
    '{"a":null,"":true,"d\\n":2,"b":3}\n',
  ], []);
  assertEquals(inferColumns(batch, { key: ["b", "missing"] }).columns, [
    { name: "b", type: "int64", nullable: false, key: true, inferred: true },
    { name: "a", type: "json", nullable: true, key: false, inferred: true },
    { name: "", type: "boolean", nullable: true, key: false, inferred: true },
    { name: "d\n", type: "int64", nullable: true, key: false, inferred: true },
  ]);
  assertEquals(fieldNames(batch), ["b", "a", "", "d\n"]);
});

Deno.test("inference knows the fields of CSV from its header alone", () => {
  const batch = batchOf(["1\n"], [], csvFormat(["x", "y", "x"]));
  assertEquals(fieldNames(batch), ["x", "y"]);
  assertEquals(inferColumns(batch, { key: ["y"] }).columns, [
    { name: "x", type: "text", nullable: true, key: false, inferred: true },
    { name: "y", type: "text", nullable: false, key: true, inferred: true },
  ]);
});

Deno.test("inference refuses more fields than a table can have columns", () => {
  const records = Array.from({ length: LIMITS.columnsMax + 1 }, (_, i) => `{"f${i}":1}\n`);
  assertEquals(fieldNames(batchOf(records.slice(1), [])).length, LIMITS.columnsMax);
  const error = assertThrows(() => fieldNames(batchOf(records, [])), LoadError);
  assertEquals(error.code, "source_malformed");
});

Deno.test("inference reads a record of many new fields twice, not once for each", () => {
  const record = (keys: number) =>
    `{${Array.from({ length: keys }, (_, i) => `"f${i}":${i}`).join(",")}}\n`;
  const most = batchOf([record(3), record(LIMITS.columnsMax)], []);
  const { columns } = inferColumns(most, { key: [] });
  assertEquals(columns.length, LIMITS.columnsMax);
  assertEquals(columns.at(-1), {
    name: "f1599",
    type: "int64",
    nullable: true,
    key: false,
    inferred: true,
  });
  const many = batchOf([record(100_000)], []);
  for (const read of [fieldNames, (sample: typeof most) => inferColumns(sample, { key: [] })]) {
    // Half a minute, where each field has the record read again. Others may keep this program waiting.
    let took = Infinity;
    for (let tries = 0; tries < 3 && took >= 3_000; tries++) {
      const began = performance.now();
      const error = assertThrows(() => read(many), LoadError, "fields");
      assertEquals(error.code, "source_malformed");
      took = performance.now() - began;
    }
    assert(took < 3_000, `${took} ms`);
  }
});

Deno.test("inference takes strings for what their source has told, if all have its form", () => {
  const told = (types: ColumnType[], ...values: string[]) => {
    const batch = batchOf(values.map((v) => `{"v":${v}}\n`), []);
    const kinds = new Map([["v", new Set(types)]]);
    return inferColumns(batch, { key: [], kinds }).columns[0]!.type;
  };
  const moment = '"2024-02-29T12:30:00.005Z"';
  assertEquals(told(["timestamptz"], moment, "null"), "timestamptz");
  assertEquals(told(["timestamptz"], '"+012345-01-01T00:00:00.000Z"'), "timestamptz");
  assertEquals(told(["timestamptz"], moment, '"yesterday"'), "text");
  assertEquals(told(["timestamptz"], moment, "1"), "json");
  assertEquals(told(["timestamptz", "bytes"], moment), "text");
  assertEquals(told([], moment), "text", "a text that reads like one");
  assertEquals(told(["bytes"], '"\\\\x00ff"', '"\\\\x"'), "bytes");
  assertEquals(told(["bytes"], '"\\\\x00ff"', '"AAA="'), "text");
  assertEquals(told(["float64"], '"NaN"', "1", '"-Infinity"'), "float64");
  assertEquals(told(["float64"], '"NaN"', "18446744073709551617"), "decimal");
  assertEquals(told(["float64"], '"NaN"', '"x"', "1"), "json");
  assertEquals(told(["date"], '"2024-02-29"'), "date");
  assertEquals(told(["time"], '"12:30:00"'), "time");
  assertEquals(told(["timestamp"], '"2024-02-29T12:30:00"'), "timestamp");
});
