/** Forms that PostgreSQL prints are taken by its rules alone, by both codecs. */
import { assertEquals } from "@std/assert";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { allCells, copyText, testCodecs } from "./both_codecs.ts";
import { batchOf, columnsOf, csvFormat, decodeCopy, LENIENT } from "./sample_batch.ts";

const WIDE: readonly (readonly [ColumnType, string])[] = [
  ["date", "infinity"],
  ["date", "-infinity"],
  ["date", "0044-03-15 BC"],
  ["date", "10000-01-01"],
  ["time", "24:00:00"],
  ["timestamp", "0044-03-15T12:00:00 BC"],
  ["timestamp", "294276-12-31 23:59:59.999999"],
  ["timestamptz", "1850-01-01 00:00:00-00:19:32"],
  ["timestamptz", "infinity"],
  ["decimal", "NaN"],
  ["decimal", "-Infinity"],
];

for (const [type, text] of WIDE) {
  testCodecs(`takes ${text} as ${type} where the database does`, (codec) => {
    const columns = columnsOf({ v: type });
    for (
      const batch of [
        batchOf([`{"v":${JSON.stringify(text)}}\n`], columns),
        batchOf([`${text}\n`], columns, csvFormat(["v"])),
      ]
    ) {
      const wide = copyText(codec, batch, { rules: { ...LENIENT, wide: true } });
      assertEquals(decodeCopy(wide.bytes), [[text]]);
      for (const { rejects } of [copyText(codec, batch), allCells(codec, batch)]) {
        assertEquals(rejects.map(({ column }) => column), ["v"], "SQLite keeps ISO 8601 alone");
      }
    }
  });
}

testCodecs("writes arrays of JSON as the database's own, where it has arrays", (codec) => {
  const cases: readonly (readonly ["json" | "text", string, string])[] = [
    ["text", "[]", "{}"],
    ["text", "[1, -2.50 ,null,true]", "{1,-2.50,NULL,true}"],
    ["text", "[12345678901234567890.123]", "{12345678901234567890.123}"],
    ["text", "[[1,2],[3,null]]", "{{1,2},{3,NULL}}"],
    ["text", '["a,b","{}","null","NULL",""]', '{"a,b","{}","null","NULL",""}'],
    ["text", '["\\"q\\"","b\\\\s","\\u00e9\\n"]', '{"\\"q\\"","b\\\\s","é\n"}'],
    ["text", '[{"a": [1,"]"]}]', '{"{\\"a\\": [1,\\"]\\"]}"}'],
    ["json", '[{"a":1},[1,[2]],"s",1.50,null]', '{"{\\"a\\":1}","[1,[2]]","\\"s\\"","1.50",NULL}'],
  ];
  for (const [elements, json, literal] of cases) {
    const columns = [{ ...columnsOf({ v: "other" })[0]!, elements }];
    const { bytes } = copyText(codec, batchOf([`{"v":${json}}\n`], columns));
    assertEquals(decodeCopy(bytes), [[literal]], json);
  }
  const plain = copyText(codec, batchOf(['{"v":[1, 2]}\n'], columnsOf({ v: "other" })));
  assertEquals(decodeCopy(plain.bytes), [["[1, 2]"]], "no array is known of");
});
