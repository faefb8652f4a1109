import { assertEquals, assertRejects } from "@std/assert";
import { csv } from "../../../host/sources/csv.ts";
import { ndjson } from "../../../host/sources/ndjson.ts";
import { notText } from "../../../host/sources/not_text.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { readBatches, withFiles } from "./read_source.ts";

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

Deno.test("what is no text is named by its first bytes", () => {
  const cases: readonly [string, string | undefined][] = [
    ["\x1f\x8b\x08\x00", "gzip within gzip"],
    ["\xff\xfe{\0", "UTF-16"],
    ["\xfe\xff\0{", "UTF-16"],
    ['{\0"\0', "UTF-16"],
    ['\0{\0"', "UTF-16"],
    ["%PDF-1.7\n%\xe2\xe3", "PDF"],
    ["PK\x03\x04\x14\0", "zip"],
    ["SQLite format 3\0\x10", "SQLite"],
    ["BZh91AY&SY\x9c", "bzip2"],
    ["\x28\xb5\x2f\xfd", "Zstandard"],
    ["\xfd7zXZ\0", "xz"],
    ["PAR1\x15\x04", "Parquet"],
    ["\x89PNG\r\n", "image"],
    ["BZh,PAR1\n", undefined],
    ["PAR1,PAR2\n1,2\n", undefined],
    ["PK,v\n", undefined],
    ['{"a":1}', undefined],
    ["a\0b\n", undefined],
    ["\0\0\0\0", undefined],
    ["\xef\xbb\xbfa", undefined],
    ["", undefined],
  ];
  for (const [text, what] of cases) {
    const found = notText(bytes(text));
    assertEquals(what === undefined ? found : found?.includes(what), what && true, text);
  }
});

Deno.test("a file that is no text is refused whatever its name says", async () => {
  const files = { "a.ndjson": bytes("%PDF-1.4\n%\xe2"), "b.csv": bytes("a\0,\0b\0\n\0") };
  await withFiles(files, async (dir) => {
    const sources = [[ndjson(`${dir}/a.ndjson`), "PDF"], [csv(`${dir}/b.csv`), "UTF-16"]] as const;
    for (const [source, what] of sources) {
      const error = await assertRejects(() => readBatches(source), LoadError, `it is ${what}`);
      assertEquals(error.code, "source_malformed");
    }
  });
});
