import { assertEquals } from "@std/assert";
import type { RecordFormat, RejectedRow } from "../../../src/model/batch.ts";
import {
  isRejectLine,
  readRejectLine as readBytes,
  refusedLine,
  rejectLine,
} from "../../../host/rejects/reject_line.ts";

const CSV: RecordFormat = {
  kind: "csv",
  delimiter: ";",
  header: ["id", "name", "size"],
  nullText: "NULL",
};
const NDJSON: RecordFormat = { kind: "ndjson" };

function rejected(record: string | Uint8Array<ArrayBuffer>): RejectedRow {
  return {
    ordinal: 41,
    part: "a.csv",
    line: 43,
    column: "id",
    code: "type",
    message: "The value is not of type int32",
    record: typeof record === "string" ? new TextEncoder().encode(record) : record,
  };
}

function lineOf(record: string | Uint8Array<ArrayBuffer>, format: RecordFormat): string {
  return rejectLine(rejected(record), { load: "one", batch: 2, format });
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function readRejectLine(line: string) {
  return readBytes(bytesOf(line));
}

/** The record that a line is replayed as. */
function recordOf(line: string): string | undefined {
  const record = readRejectLine(line)?.record;
  return record && new TextDecoder().decode(record.bytes);
}

Deno.test("reject line tells the place, the reason and the row of NDJSON as it stands", () => {
  const row = '{"id": 12345678901234567890.10, "a": [1e400]}';
  const line = lineOf(row, NDJSON);
  assertEquals(
    line,
    '{"load":"one","batch":2,"source":"a.csv","ordinal":41,"line":43,"column":"id",' +
      '"code":"type","message":"The value is not of type int32","attempt":1,' +
      `"row":${row}}`,
  );
  assertEquals(recordOf(line), row);
});

Deno.test("reject line puts a row of JSON that stands on several lines on one", () => {
  const line = lineOf('{\r\n  "id": 1.10,\n  "a": "x\\n"\n}', NDJSON);
  assertEquals(line.includes("\n") || line.includes("\r"), false);
  assertEquals(recordOf(line), '{   "id": 1.10,   "a": "x\\n" }');
  // Within a string they do not stand, so that this one is none of JSON.
  const broken = '{"a":"x\ny"}';
  assertEquals(recordOf(lineOf(broken, NDJSON)), undefined);
  assertEquals(JSON.parse(lineOf(broken, NDJSON)).text, broken);
});

Deno.test("reject line tells where its row starts in the source, also when it is refused again", () => {
  const row = { ...rejected('{"id":1}'), byteOffset: 1234 };
  const line = rejectLine(row, { load: "one", batch: 2, format: NDJSON });
  assertEquals(readRejectLine(line)?.byte, 1234);
  assertEquals(readRejectLine(refusedLine(bytesOf(line), row))?.byte, 1234);
  assertEquals(readRejectLine(lineOf('{"id":1}', NDJSON))?.byte, undefined);
});

Deno.test("reject line has a record of CSV as texts by field, and null for NULL", () => {
  const line = lineOf('007;"a ""b""\r\nc;é";NULL', CSV);
  const { format, row } = JSON.parse(line);
  assertEquals([format, row], ["csv", { id: "007", name: 'a "b"\r\nc;é', size: null }]);
  assertEquals(JSON.parse(lineOf(';"";"NULL"', CSV)).row, { id: "", name: "", size: "NULL" });
});

Deno.test("reject line has what is no row as text, and what is no text in base64", () => {
  for (const record of ["1;2", "1;2;3;4", '1;"2;3', '1;2"2;3']) {
    const line = JSON.parse(lineOf(record, CSV));
    assertEquals([line.row, line.text], [undefined, record]);
  }
  for (const record of ['{"id":', "5", "null", "[1]", '{"id":1}\r{}', '{"id":"\r"}']) {
    const line = JSON.parse(lineOf(record, NDJSON));
    assertEquals([line.row, line.text], [undefined, record]);
  }
  const bytes = Uint8Array.of(0x7b, 0xff, 0x7d);
  assertEquals(JSON.parse(lineOf(bytes, NDJSON)).bytes, "e/99");
});

Deno.test("reject line finds its row wherever an editor has put it, with all digits", () => {
  const line = ' { "row" : { "id" : 1.10, "row": 2 } , "load":"one","batch":0,"source":"a",' +
    '"note":"x","ordinal":3,"line":4,"attempt":2 } \r';
  assertEquals(recordOf(line), '{ "id" : 1.10, "row": 2 }');
  assertEquals(readRejectLine(line)?.ordinal, 3);
});

Deno.test("reject line without place or with a row that is no object has nothing to replay", () => {
  const head = '"load":"one","batch":0,"source":"a","ordinal":3,"line":4,"attempt":1';
  for (const row of ["5", '"{}"', "null", "[]"]) {
    assertEquals(recordOf(`{${head},"row":${row}}`), undefined);
    assertEquals(readRejectLine(`{${head},"row":${row}}`)?.ordinal, 3);
  }
  for (const line of ['{"load":"one","row":{}}', `{${head.replace("3", "-3")}}`, "", "{", "[]"]) {
    assertEquals(readRejectLine(line), undefined);
  }
});

Deno.test("reject line of CSV is replayed as CSV: a text is a field, not JSON in quotes", () => {
  const head = '"load":"one","batch":0,"source":"a","ordinal":3,"line":4,"attempt":1,' +
    '"format":"csv"';
  const row = '{"id":"7","doc":"{\\"a\\": 1.0}","size":null,"more":1.50,"other":{"b":"\\n"}}';
  const record = readRejectLine(`{${head},"row":${row}}`)?.record;
  assertEquals(record?.format, {
    kind: "csv",
    delimiter: ",",
    header: ["id", "doc", "size", "more", "other"],
    nullText: "NULL",
  });
  assertEquals(
    new TextDecoder().decode(record?.bytes),
    '"7","{""a"": 1.0}",NULL,"1.50","{""b"":""\\n""}"',
  );
  const empty = readRejectLine(`{${head},"row":{}}`)?.record;
  assertEquals(empty?.format, NDJSON);
});

Deno.test("reject line of a row that is refused again keeps its digits and what people wrote", () => {
  const line = '{"row":{"id":1.10},"load":"one","batch":0,"source":"a","ordinal":3,"line":4,' +
    '"column":"size","code":"null","message":"Old","attempt":2,"text":"x","note":"mine"}';
  const again = { ...rejected("{}"), code: "range" as const, message: "New" };
  assertEquals(
    refusedLine(bytesOf(line), again),
    '{"load":"one","batch":0,"source":"a","ordinal":3,"line":4,"column":"id","code":"range",' +
      '"message":"New","attempt":3,"text":"x","note":"mine","row":{"id":1.10}}',
  );
});

Deno.test("reject line is told from what is none, also where a crash has torn it anywhere", () => {
  const line = lineOf('{"id":1}', NDJSON);
  for (let length = 1; length <= line.length; length++) {
    assertEquals(isRejectLine(bytesOf(line.slice(0, length))), true, line.slice(0, length));
  }
  const rewritten =
    '{"row": {}, "attempt": 1, "line": 4, "ordinal": 3, "source": "a", "batch": 0, ' +
    '"load": "one"}';
  assertEquals(isRejectLine(bytesOf(rewritten)), true);
  const others = ["[", '{"id":1}', '{"load":"heavy","weight":3}', '{"load":3}', '{"loads":"', "x"];
  for (const other of [...others, '{"load":"one","batch":"3","source":"a"}', "\u0000"]) {
    assertEquals(isRejectLine(bytesOf(other)), false, other);
  }
});
