import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import { csv, type CsvOptions } from "../../../host/sources/csv.ts";
import { readLineEnd } from "../../../host/sources/csv_header.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { RecordFormat } from "../../../src/model/batch.ts";
import { Batcher, type RawBatch } from "../../../src/batching/batcher.ts";
import { readBatches, recordsOf, withFiles } from "./read_source.ts";

Deno.test("csv takes the names from the first line and begins behind it", async () => {
  const [batch] = await read('\ufeffid,"full ""name""","a\nb"\r\n1,x,y\r\n\r\n2,"p\nq",z');
  assertEquals(header(batch!), ["id", 'full "name"', "a\nb"]);
  assertEquals(recordsOf(batch!), ["1,x,y", '2,"p\nq",z']);
  assertEquals([batch!.line, batch!.byteOffset], [3, 29]);
});

Deno.test("csv passes over blank lines before the header", async () => {
  const [batch] = await read("\n\r\na,b\n1,2\n");
  assertEquals([header(batch!), batch!.line, batch!.byteOffset], [["a", "b"], 4, 7]);
});

Deno.test("csv knows by its first line that lines end in a carriage return alone", async () => {
  for (
    const [text, names, records, place] of [
      ["id,name\r1,a\r\r2,b", ["id", "name"], ["1,a", "2,b"], [2, 8]],
      ["\ufeff\r\rid,name\r1,a\r", ["id", "name"], ["1,a"], [4, 13]],
      ['"a\r\nb","c""\r"\r1,"x\ny"\r', ["a\r\nb", 'c""\r'.replace('""', '"')], ['1,"x\ny"'], [
        4,
        14,
      ]],
    ] as const
  ) {
    const [batch] = await read(text);
    assertEquals([header(batch!), recordsOf(batch!)], [[...names], [...records]]);
    assertEquals([batch!.line, batch!.byteOffset], [...place]);
  }
  const [given] = await read("1,a\r2,b\r", { header: ["id", "name"] });
  assertEquals([recordsOf(given!), given!.line], [["1,a", "2,b"], 1]);
  for (const [text, names] of [["a,b\r", ["a", "b"]], ["a,b", ["a", "b"]], ["\r", []]] as const) {
    await withFiles({ "a.csv": text }, async (dir) => {
      const limits = { rowsMax: 9, bytesMax: 99, recordBytesMax: 99 };
      const batcher = new Batcher(csv(`${dir}/a.csv`).parts(), limits);
      assertEquals(await batcher.next(), undefined);
      assertEquals(batcher.format?.kind === "csv" && batcher.format.header, [...names]);
    });
  }
  // By its first line alone: what does not end so is for the codec to refuse.
  const [lf] = await read("a,b\n1,2\r3,4\n");
  assertEquals(recordsOf(lf!), ["1,2\r3,4"]);
});

Deno.test("csv knows how lines end wherever the first one is cut", async () => {
  for (
    const text of ["id,name\r1,a\r2,b\r", "id,name\r\n1,a\r\n2,b\r\n", '"a\r\n","b\r"\r1,2\r3,4']
  ) {
    const bytes = new TextEncoder().encode(text);
    const results: unknown[] = [];
    for (let at = 1; at < 14; at++) {
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      const found = await readLineEnd({
        path: "a.csv",
        head: pieces.shift()!,
        byteOffset: 0,
        more: (before) => {
          const next = pieces.shift();
          return Promise.resolve(next ? Uint8Array.from([...before, ...next]) : before);
        },
      }, ",");
      results.push(found.lineEnd);
    }
    assertEquals(new Set(results).size, 1, text);
    assertEquals(results[0], text.includes("\r\n1") ? undefined : "\r");
  }
});

Deno.test("csv hands on delimiter and null text", async () => {
  const [batch] = await read("a\tb\n1\t\\N\n", { delimiter: "\t", nullText: "\\N" });
  assertEquals<RecordFormat>(batch!.format, {
    kind: "csv",
    delimiter: "\t",
    header: ["a", "b"],
    nullText: "\\N",
  });
});

Deno.test("csv takes every line for a record where the header is given", async () => {
  const [batch] = await read("\ufeff1,2\n3,4\n", { header: ["a", "b"] });
  assertEquals(header(batch!), ["a", "b"]);
  assertEquals(recordsOf(batch!), ["1,2", "3,4"]);
  assertEquals([batch!.line, batch!.byteOffset], [1, 3]);
});

Deno.test("csv without rows tells its names; without a line it has none", async () => {
  for (const [text, names] of [["a,b\n", ["a", "b"]], ["a,b", ["a", "b"]], ["", []], ["\n", []]]) {
    await withFiles({ "a.csv": text as string }, async (dir) => {
      const limits = { rowsMax: 9, bytesMax: 99, recordBytesMax: 99 };
      const batcher = new Batcher(csv(`${dir}/a.csv`).parts(), limits);
      assertEquals(await batcher.next(), undefined);
      assertEquals(batcher.format?.kind === "csv" && batcher.format.header, names);
    });
  }
});

Deno.test("csv takes files whose names stand in another order, and files without a line", async () => {
  const files = { "a.csv": "x,y\n1,2\n", "b.csv": "y,x\n2,1\n", "c.csv": "" };
  await withFiles(files, async (dir) => {
    const batches = await readBatches(csv(`${dir}/*.csv`));
    assertEquals(batches.map(header), [["x", "y"], ["y", "x"]]);
  });
});

Deno.test("csv names both files whose headers differ, before it gives a row", async () => {
  const files = { "a.csv": "x,y\n1,2\n", "b.csv.gz": gzipSync("x,secret\n1,2\n") };
  await withFiles(files, async (dir) => {
    const parts = csv([`${dir}/a.csv`, `${dir}/b.csv.gz`]).parts();
    const limits = { rowsMax: 9, bytesMax: 99, recordBytesMax: 99 };
    const error = await assertRejects(
      () => new Batcher(parts, limits).next(),
      LoadError,
      `column 2 of ${dir}/b.csv.gz is not in ${dir}/a.csv`,
    );
    assertEquals([error.code, error.message.includes("secret")], ["source_malformed", false]);
  });
});

Deno.test("csv refuses a header that is none, and does not quote it", async () => {
  for (
    const [text, fault] of [
      ["secret,,b\n", "no name for column 2"],
      ["a,secret,b,secret\n", "columns 2 and 4 the same name"],
      ['a,"secret\n1,2\n', "leaves a quote open"],
      ['"a"secret,b\n', "behind the closing quote of column 1"],
      [new Uint8Array([0x61, 0xff, 0x0a]), "not UTF-8"],
      ["<!DOCTYPE html>\n<p>secret</p>\n", "seems to be HTML"],
      ['<?xml version="1.0"?>\n<secret/>\n', "seems to be HTML or XML"],
      [`"${"secret".repeat(400_000)}`, "larger than"],
      // Each name beside each other would take minutes.
      [Array.from({ length: 100_000 }, (_, i) => `s${i}`).join(","), "100000 columns"],
    ] as const
  ) {
    await withFiles({ "a.csv": text }, async (dir) => {
      const reading = readBatches(csv(`${dir}/a.csv`));
      const error = await assertRejects(() => reading, LoadError, fault);
      assertEquals(error.code, "source_malformed");
      assertEquals(error.message.includes("secret"), false);
      assertEquals(error.message.includes(`${dir}/a.csv`), true);
    });
  }
});

Deno.test("csv refuses options that no file can follow", () => {
  const options: CsvOptions[] = [
    { delimiter: "" },
    { delimiter: ",," },
    { delimiter: '"' },
    { delimiter: "\n" },
    { delimiter: "é" },
    { nullText: "a,b" },
    { header: [] },
    { header: ["a", "a"] },
    { header: ["a", ""] },
  ];
  for (const option of options) {
    const error = assertThrows(() => csv("a.csv", option), LoadError, "CSV");
    assertEquals((error as LoadError).code, "usage");
  }
});

async function read(text: string, options?: CsvOptions): Promise<RawBatch[]> {
  const batches: RawBatch[] = [];
  await withFiles({ "a.csv": text }, async (dir) => {
    batches.push(...await readBatches(csv(`${dir}/a.csv`, options)));
  });
  return batches;
}

function header(batch: RawBatch): readonly string[] {
  return batch.format.kind === "csv" ? batch.format.header : [];
}
