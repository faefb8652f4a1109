/** Columns that a record may have or lack: to lack one is not to have NULL there. */
import { assertEquals } from "@std/assert";
import type { Batch, Column } from "../../../src/model/batch.ts";
import type { Codec } from "../../../host/codec/codec.ts";
import { testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, LENIENT } from "./sample_batch.ts";

const COLUMNS: readonly Column[] = columnsOf({ id: "int64", a: "text", b: "int64" })
  .map((column) => column.name === "id" ? { ...column, nullable: false, key: true } : column);
const [, A, B] = COLUMNS as [Column, Column, Column];
const [C] = columnsOf({ c: "text" }) as [Column];

/** What the codec says of a batch in each form: whether it varies, and what it rejects before that. */
function said(codec: Codec, batch: Batch): (readonly [boolean, readonly string[]])[] {
  const types = batch.shape.columns.map(({ type }) => type === "int64" ? "int8" : "text");
  const copies = [
    { format: "text", ordinal: true, rules: LENIENT },
    { format: "binary", types, ordinal: true, rules: LENIENT },
  ] as const;
  const made = copies.map((options) => {
    const encoder = codec.copy(batch, { ...options, types });
    while (encoder.next() !== undefined);
    return [encoder.varies, encoder.rejects.map(({ code }) => code)] as const;
  });
  const reader = codec.cells(batch, LENIENT);
  while (reader.read(2, [], []) > 0);
  return [...made, [reader.varies, reader.rejects.map(({ code }) => code)]];
}

/** Expects the same of every form. */
function expectSaid(
  codec: Codec,
  batch: Batch,
  varies: boolean,
  rejects: readonly string[] = [],
): void {
  assertEquals(said(codec, batch), Array(3).fill([varies, rejects]));
}

const WHOLE = '{"id":1,"a":"x","b":2}\n';

testCodecs("a record varies that lacks an optional column, and one of NULL does not", (codec) => {
  const optional = [A, B];
  const lacking = [
    '{"id":1,"a":"x"}\n',
    '{"id":1,"b":2}\n',
    '{"b":2,"id":1}\n',
    '{"id":1}\n',
    '{ "id" : 1 , "\\u0061" : "x" }\n',
  ];
  for (const record of lacking) {
    // Behind records in order, which the next one is expected to be like; first, last, between.
    for (const records of [[record], [WHOLE, WHOLE, record], [record, WHOLE], [WHOLE, record]]) {
      expectSaid(codec, { ...batchOf(records, COLUMNS), optional }, true);
    }
  }
  const whole = [
    WHOLE,
    '{"id":1,"a":null,"b":null}\n',
    '{"b":null,"a":"x","id":1}\n',
    '{"id":1,"a":"x","b":2,"a":null}\n',
    '{ "id" : 1, "\\u0061" : null, "b" : 2 }\n',
  ];
  expectSaid(codec, { ...batchOf(whole, COLUMNS), optional }, false);
});

testCodecs("a record that lacks a column which is not optional has NULL there", (codec) => {
  expectSaid(codec, { ...batchOf(['{"id":1,"b":2}\n'], COLUMNS), optional: [B] }, false);
  expectSaid(codec, { ...batchOf(['{"id":1,"a":""}\n'], COLUMNS), optional: [B] }, true);
  expectSaid(codec, batchOf(['{"id":1}\n'], COLUMNS), false);
});

testCodecs("a record that lacks a column which takes no NULL is rejected, or varies", (codec) => {
  const columns = COLUMNS.map((column) => ({ ...column, nullable: false }));
  const batch = batchOf(['{"id":1,"a":"x"}\n', '{"id":2,"b":1}\n', WHOLE], columns);
  expectSaid(codec, batch, false, ["null", "null"]);
  expectSaid(codec, { ...batch, optional: [A] }, true, ["null"]);
  const keyless = batchOf(['{"a":"x","b":1}\n', WHOLE], columns);
  expectSaid(codec, { ...keyless, optional: [A, B] }, false, ["null"]);
});

testCodecs("a record varies that brings an optional column from outside of the shape", (codec) => {
  const records = [WHOLE, '{"id":1,"a":"x","b":2,"c":"y"}\n'];
  expectSaid(codec, { ...batchOf(records, COLUMNS), optional: [C] }, true);
  expectSaid(codec, { ...batchOf(records, COLUMNS), optional: [A, B] }, false, ["unknown_field"]);
  const malformed = [WHOLE, '{"id":1,"a":"x","b":2,"c":"y"\n', '{"id":1,"d":1,"c":null}\n'];
  const rejects = ["malformed", "unknown_field"];
  expectSaid(codec, { ...batchOf(malformed, COLUMNS), optional: [C] }, false, rejects);
});

testCodecs("what stands before a record that varies is rejected all the same", (codec) => {
  const records = ['{"id":"x","a":"","b":1}\n', WHOLE, '{"id":1}\n', '{"id":"y"}\n'];
  expectSaid(codec, { ...batchOf(records, COLUMNS), optional: [A] }, true, ["type"]);
});

testCodecs("a record of CSV varies by its header, not by its NULL", (codec) => {
  const optional = [A, B, C];
  const csv = (header: readonly string[], records: readonly string[]) => ({
    ...batchOf(records, COLUMNS, csvFormat(header)),
    optional,
  });
  expectSaid(codec, csv(["id", "a", "b"], ["1,x,2\n", "2,,\n"]), false);
  expectSaid(codec, csv(["b", "id", "a"], ["2,1,x\n", ",2,\n"]), false);
  expectSaid(codec, csv(["id", "a"], ["1,x\n", "2,\n"]), true);
  expectSaid(codec, csv(["id", "a", "b", "c"], ["1,x,2,y\n"]), true);
});
