import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { type JsonLayout, jsonLayout } from "../../../host/sources/json_layout.ts";
import { ndjson } from "../../../host/sources/ndjson.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { Batcher } from "../../../src/batching/batcher.ts";
import { readBatches, readRecords, recordsOf, withFiles } from "./read_source.ts";

const WIDE = { rowsMax: 1000, bytesMax: 1 << 20, recordBytesMax: 1 << 20 };
const ROWS = '{"a":1}\r\n\n{"a":2}\n{"a":3}';
const RECORDS = ['{"a":1}', '{"a":2}', '{"a":3}'];

Deno.test("ndjson reads files in the order in which they are named", async () => {
  await withFiles({ "b.ndjson": '{"a":1}\n', "a.ndjson": '{"a":2}\n' }, async (dir) => {
    const source = ndjson([`${dir}/b.ndjson`, `${dir}/a.ndjson`]);
    assertEquals(source.name, `${dir}/b.ndjson, ${dir}/a.ndjson`);
    assertEquals(source.bytesTotal, 16);
    const batches = await readBatches(source);
    assertEquals(batches.map((batch) => batch.part), [`${dir}/b.ndjson`, `${dir}/a.ndjson`]);
    assertEquals(batches.flatMap(recordsOf), ['{"a":1}', '{"a":2}']);
  });
});

Deno.test("ndjson takes CRLF, blank lines and a last line without its end", async () => {
  await withFiles({ "a.ndjson": ROWS }, async (dir) => {
    assertEquals(await readRecords(ndjson(`${dir}/a.ndjson`)), RECORDS);
  });
});

Deno.test("ndjson passes over a byte order mark, and counts it", async () => {
  const files = { "a.ndjson": "\ufeff" + ROWS, "b.ndjson": "\ufeff", "c.ndjson": "" };
  await withFiles(files, async (dir) => {
    const [batch] = await readBatches(ndjson(`${dir}/a.ndjson`));
    assertEquals(recordsOf(batch!), RECORDS);
    assertEquals([batch!.byteOffset, batch!.line], [3, 1]);
    assertEquals(await readRecords(ndjson([`${dir}/b.ndjson`, `${dir}/c.ndjson`])), []);
  });
});

Deno.test("ndjson reads a file that is one array, element by element", async () => {
  const one = '\ufeff\n [{"a":1}, {"a":"]"},\n\n{"a":[2]}\n]\n';
  const none = " [\n] ";
  const files = { "a.ndjson": one, "b.json": none, "c.ndjson.gz": gzipSync(one) };
  await withFiles(files, async (dir) => {
    for (const name of ["a.ndjson", "c.ndjson.gz"]) {
      const batches = await readBatches(ndjson(`${dir}/${name}`), { ...WIDE, rowsMax: 2 });
      const [first, second] = batches;
      assertEquals(batches.flatMap(recordsOf), ['{"a":1},', '{"a":"]"},', '{"a":[2]}\n]']);
      assertEquals([first!.byteOffset, first!.line, first!.ordinal], [6, 2, 0]);
      assertEquals([second!.byteOffset, second!.line, second!.ordinal], [27, 4, 2]);
      assertEquals(first!.format, { kind: "ndjson", records: "elements" });
    }
    assertEquals(await readRecords(ndjson(`${dir}/b.json`)), []);
  });
});

Deno.test("ndjson reads objects that are printed on several lines", async () => {
  const pretty = '{\n  "a": 1\n}\n{ "a": 2 }\n';
  const begun = '{ "a": [\n "x"],\n  "b": 2 }\n{"a":3}';
  await withFiles({ "a.ndjson": pretty, "b.ndjson": begun }, async (dir) => {
    const [batch] = await readBatches(ndjson(`${dir}/a.ndjson`));
    assertEquals(batch!.format, { kind: "ndjson", records: "objects" });
    assertEquals(recordsOf(batch!), ['{\n  "a": 1\n}', '{ "a": 2 }']);
    assertEquals((await readRecords(ndjson(`${dir}/b.ndjson`))).length, 2);
  });
});

Deno.test("ndjson takes lines for records where nothing else shows", () => {
  const layouts: readonly [string, JsonLayout | undefined][] = [
    ['{"a":1}\n', "lines"],
    ['{"a":1} {', "lines"],
    ["7\n", "lines"],
    ["[2024-01-01] INFO\n{", "lines"],
    ["[1,2]\n", "lines"],
    ['["a"]', "lines"],
    ['{"a":1,\n{"a":2}\n', "lines"],
    ['{"a":"\n', "lines"],
    ['{"a":"\\"\n', "lines"],
    ["<html>", "lines"],
    ["[", undefined],
    [" \n[ \n", undefined],
    ["", undefined],
    ['{"a":1', undefined],
    ['{"a":1,\n', undefined],
    ["[{", "elements"],
    ["\n[\n]", "elements"],
    ["{\n}", "objects"],
    ['{"a":"}",\r\n"b":2}', "objects"],
    ['{"a":{\n}}', "objects"],
  ];
  for (const [text, layout] of layouts) {
    assertEquals(jsonLayout(new TextEncoder().encode(text)), layout, text);
  }
});

Deno.test("ndjson decompresses gzip of one and of several members", async () => {
  const one = gzipSync(ROWS + "\n");
  const two = Uint8Array.from([...one, ...gzipSync('{"a":4}\n')]);
  await withFiles({ "a.ndjson.gz": one, "b.ndjson.GZ": two }, async (dir) => {
    assertEquals(await readRecords(ndjson(`${dir}/a.ndjson.gz`)), RECORDS);
    assertEquals(await readRecords(ndjson(`${dir}/b.ndjson.GZ`)), [...RECORDS, '{"a":4}']);
  });
});

Deno.test("ndjson counts the bytes of the file itself for progress", async () => {
  const packed = gzipSync(ROWS);
  await withFiles({ "a.ndjson.gz": packed, "b.ndjson": ROWS }, async (dir) => {
    const source = ndjson([`${dir}/a.ndjson.gz`, `${dir}/b.ndjson`]);
    const limits = { rowsMax: 1, bytesMax: 1000, recordBytesMax: 1000 };
    const batcher = new Batcher(source.parts(), limits);
    while (await batcher.next() !== undefined);
    assertEquals(batcher.bytesRead, packed.length + ROWS.length);
    assertEquals(batcher.bytesRead, source.bytesTotal);
  });
});

Deno.test("ndjson names a gzip file that is damaged, cut off or none", async () => {
  const whole = gzipSync(ROWS.repeat(100));
  const damaged = whole.slice();
  damaged[damaged.length - 6]! ^= 1;
  const files = {
    "damaged.gz": damaged,
    "cut.gz": whole.subarray(0, whole.length - 9),
    "none.gz": "text",
    "empty.gz": "",
    "tail.gz": Uint8Array.from([...whole, 1, 2, 3]),
  };
  await withFiles(files, async (dir) => {
    for (const name of Object.keys(files)) {
      const path = `${dir}/${name}`;
      const error = await assertRejects(() => readRecords(ndjson(path)), LoadError, path);
      assertEquals(error.code, "source_unreadable");
    }
  });
});

Deno.test("ndjson knows gzip by its first bytes, and refuses gzip within gzip, and UTF-16", async () => {
  const files = {
    "a.ndjson": gzipSync(ROWS),
    "b.ndjson.gz": gzipSync(gzipSync(ROWS)),
    "c.ndjson": Uint8Array.of(0xff, 0xfe, 0x7b, 0x00),
  };
  await withFiles(files, async (dir) => {
    assertEquals(await readRecords(ndjson(`${dir}/a.ndjson`)), RECORDS);
    for (const [name, way] of [["b.ndjson.gz", "gzip within gzip"], ["c.ndjson", "UTF-8"]]) {
      const reading = readRecords(ndjson(`${dir}/${name}`));
      const error = await assertRejects(() => reading, LoadError, way);
      assertEquals(error.code, "source_malformed");
    }
  });
});

Deno.test("ndjson finds at once that a file is missing or a directory", async () => {
  await withFiles({ "a/b.ndjson": ROWS }, (dir) => {
    const missing = assertThrows(() => ndjson(`${dir}/no.ndjson`), LoadError, `${dir}/no.ndjson`);
    assertEquals((missing as LoadError).code, "source_missing");
    const below = assertThrows(() => ndjson(`${dir}/a/b.ndjson/c`), LoadError, "/c");
    assertEquals((below as LoadError).code, "source_missing");
    const directory = assertThrows(() => ndjson(`${dir}/a`), LoadError, `${dir}/a/*.ndjson`);
    assertEquals((directory as LoadError).code, "source_unreadable");
    assertThrows(() => ndjson([]), LoadError, "No source");
    assertThrows(() => ndjson(["-", "-"]), LoadError, "once");
    assertThrows(() => ndjson(""), LoadError, "empty name");
  });
});

Deno.test("ndjson that loses its file before it is read says so", async () => {
  await withFiles({ "a.ndjson": ROWS }, async (dir) => {
    const source = ndjson(`${dir}/a.ndjson`);
    await Deno.remove(`${dir}/a.ndjson`);
    const error = await assertRejects(() => readRecords(source), LoadError, "No such file");
    assertEquals(error.code, "source_missing");
  });
});

Deno.test("ndjson is read afresh each time its parts are asked for", async () => {
  await withFiles({ "a.ndjson": ROWS }, async (dir) => {
    const source = ndjson(`${dir}/a.ndjson`);
    assertEquals(await readRecords(source), await readRecords(source));
  });
});

// The runtime itself reports a file that is left open when the test ends.
Deno.test("ndjson lets go of its file when it is closed early", async () => {
  const files = {
    "a.ndjson": ROWS.repeat(100_000),
    "a.ndjson.gz": gzipSync(ROWS.repeat(100_000)),
  };
  await withFiles(files, async (dir) => {
    for (const name of Object.keys(files)) {
      const limits = { rowsMax: 1, bytesMax: 1000, recordBytesMax: 1000 };
      const batcher = new Batcher(ndjson(`${dir}/${name}`).parts(), limits);
      assertEquals(recordsOf((await batcher.next())!), ['{"a":1}']);
      await batcher.close();
      await assertRejects(() => batcher.next(), LoadError, "stopped");
    }
  });
});

Deno.test("ndjson reads a large file in chunks as it is", async () => {
  const lines = Array.from(
    { length: 50_000 },
    (_, id) => `{"id":${id},"t":"é${"x".repeat(id % 50)}"}`,
  );
  await withFiles(
    { "a.ndjson": lines.join("\n"), "b.gz": gzipSync(lines.join("\n")) },
    async (dir) => {
      assertEquals(await readRecords(ndjson(`${dir}/a.ndjson`)), lines);
      assertEquals(await readRecords(ndjson(`${dir}/b.gz`)), lines);
    },
  );
});
