import { assertEquals } from "@std/assert";
import type { RecordFormat } from "../../../src/model/batch.ts";
import type { Codec } from "../../../host/codec/codec.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, decodeCopy } from "./sample_batch.ts";

const ABC = columnsOf({ a: "text", b: "text", c: "text" });

function rowsOf(
  codec: Codec,
  records: readonly string[],
  format: RecordFormat,
): (string | null)[][] {
  const batch = batchOf(records, ABC, format);
  const encoded = copyText(codec, batch);
  assertEquals(encoded.rejects, []);
  const rows = decodeCopy(encoded.bytes);
  assertEquals(allCells(codec, batch).rows, rows);
  return rows;
}

testCodecs("reads CSV with quotes, line ends in fields, and NULL", (codec) => {
  assertEquals(
    rowsOf(codec, [
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

testCodecs("follows the header, the delimiter and the text for NULL", (codec) => {
  const format = csvFormat(["c", "a"], { delimiter: ";", nullText: "NULL" });
  assertEquals(rowsOf(codec, ["1;2\n", 'NULL;"NULL"\n', ";x,y\n"], format), [
    ["2", null, "1"],
    ["NULL", null, null],
    ["x,y", null, ""],
  ]);
  assertEquals(rowsOf(codec, ["1,2,3\r"], csvFormat(["a", "b", "a"])), [["3", "2", null]]);
});

testCodecs("rejects CSV that is not well-formed, with the place", (codec) => {
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
    const { rejects, rows } = copyText(codec, batch);
    assertEquals(
      [rejects[0]?.code, rejects[0]?.position, rows],
      [code, position, 0],
      String(record),
    );
    assertEquals(allCells(codec, batch).rejects, rejects);
  }
});

testCodecs("rejects rows of a header with a field that is no column", (codec) => {
  const batch = batchOf(["1,2\n"], ABC, csvFormat(["a", "z"]));
  const { rejects } = copyText(codec, batch);
  const [reject] = rejects;
  // Its name would be a value where the first row was taken for a header.
  assertEquals([reject?.code, reject?.column], ["unknown_field", undefined]);
  assertEquals(reject?.message, "Field 2 of the header is no column");
});
