import { assertEquals } from "@std/assert";
import type { RecordFormat } from "../../../src/batch.ts";
import { createTextCodec } from "../../../host/codec/text_codec.ts";
import { allCells, batchOf, columnsOf, csvFormat, decodeCopy, LENIENT } from "./sample_batch.ts";

const ABC = columnsOf({ a: "text", b: "text", c: "text" });

function rowsOf(records: readonly string[], format: RecordFormat): (string | null)[][] {
  const batch = batchOf(records, ABC, format);
  const encoded = createTextCodec().copyText(batch, { ordinal: false, rules: LENIENT });
  assertEquals(encoded.rejects, []);
  const rows = decodeCopy(encoded.bytes);
  assertEquals(allCells(batch).rows, rows);
  return rows;
}

Deno.test("codec reads CSV with quotes, line ends in fields, and NULL", () => {
  assertEquals(
    rowsOf([
      "1,2,3\n",
      '"1","2","3"\r\n',
      ',"",x\n\n\r\n',
      '"a ""b""",c\'d,"e,f\r\ng"\n',
      "größe,😀,\\N\r\n",
      ",,",
    ], csvFormat(["a", "b", "c"])),
    [
      ["1", "2", "3"],
      ["1", "2", "3"],
      [null, "", "x"],
      ['a "b"', "c'd", "e,f\r\ng"],
      ["größe", "😀", "\\N"],
      [null, null, null],
    ],
  );
});

Deno.test("codec follows the header, the delimiter and the text for NULL", () => {
  const format = csvFormat(["c", "a"], { delimiter: ";", nullText: "NULL" });
  assertEquals(rowsOf(["1;2\n", 'NULL;"NULL"\n', ";x,y\n"], format), [
    ["2", null, "1"],
    ["NULL", null, null],
    ["x,y", null, ""],
  ]);
  assertEquals(rowsOf(["1,2,3\r"], csvFormat(["a", "b", "a"])), [["3", "2", null]]);
});

Deno.test("codec rejects CSV that is not well-formed, with the place", () => {
  const cases: [string | Uint8Array, string, number | undefined][] = [
    ["1,2\n", "malformed", 4],
    ["", "malformed", 1],
    ["1,2,3,4\n", "malformed", 7],
    ['1,2"x",3\n', "malformed", 4],
    ['1,"2"x,3\n', "malformed", 6],
    ['1,"größe"x,3\n', "malformed", 10],
    ['1,"2,3\n', "malformed", 3],
    ['1,"2"",3\n', "malformed", 3],
    ["1,2\r3,4\n", "malformed", 4],
    ["1,2,3\n4,5,6\n", "malformed", 7],
    [Uint8Array.of(0x31, 0x2c, 0xff, 0x2c, 0x33), "encoding", 3],
    [Uint8Array.of(0x31, 0x2c, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x2c, 0x33), "encoding", 4],
  ];
  for (const [record, code, position] of cases) {
    const batch = batchOf([record], ABC, csvFormat(["a", "b", "c"]));
    const { rejects, rows } = createTextCodec().copyText(batch, { ordinal: false, rules: LENIENT });
    assertEquals(
      [rejects[0]?.code, rejects[0]?.position, rows],
      [code, position, 0],
      String(record),
    );
    assertEquals(allCells(batch).rejects, rejects);
  }
});

Deno.test("codec rejects rows of a header with a field that is no column", () => {
  const batch = batchOf(["1,2\n"], ABC, csvFormat(["a", "z"]));
  const { rejects } = createTextCodec().copyText(batch, { ordinal: false, rules: LENIENT });
  assertEquals([rejects[0]?.code, rejects[0]?.column], ["unknown_field", "z"]);
});
