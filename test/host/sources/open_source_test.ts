import { assertEquals, assertThrows } from "@std/assert";
import { openSource, type OpenSourceOptions } from "../../../host/sources/open_source.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { RecordFormat } from "../../../src/model/batch.ts";
import { withFiles } from "./read_source.ts";

const FILES = {
  "a.ndjson": "{}\n",
  "b.JSONL": "{}\n",
  "c.csv": "x\n1\n",
  "d.tsv": "x\ty\n1\t2\n",
  "e.txt": "x;y\n1;2\n",
  "src/f.ts": "1",
};

Deno.test("openSource tells the format by suffix, by ast: and by what is said", async () => {
  await withFiles(FILES, async (dir) => {
    const open = (spec: string, options?: OpenSourceOptions) => formatOf([spec], options);
    assertEquals(await open(`${dir}/a.ndjson`), "ndjson");
    assertEquals(await open(`${dir}/b.JSONL`), "ndjson");
    assertEquals(await open(`${dir}/*.{ndjson,JSONL}`), "ndjson");
    assertEquals(await open(`${dir}/c.csv`), "csv , x");
    assertEquals(await open(`${dir}/d.tsv`), "csv \t x y");
    assertEquals(await open(`${dir}/e.txt`, { format: "csv", delimiter: ";" }), "csv ; x y");
    assertEquals(await open(`${dir}/c.csv`, { header: ["z"] }), "csv , z");
    assertEquals(openSource(["-"]).name, "-");
    for (const [spec, options] of [[`ast:${dir}/src`, {}], [`${dir}/src`, { format: "ast" }]]) {
      const source = openSource([spec as string], options as OpenSourceOptions);
      assertEquals([source.name, source.table], [spec, "nodes"]);
    }
  });
});

Deno.test("openSource refuses mixed formats and names one file of each", async () => {
  await withFiles(FILES, (dir) => {
    for (const other of [`${dir}/c.csv`, `ast:${dir}/src`]) {
      const specs = [`${dir}/a.ndjson`, other];
      const error = assertThrows(() => openSource(specs), LoadError, "one format");
      assertEquals((error as LoadError).code, "usage");
      assertEquals(specs.every((spec) => (error as LoadError).message.includes(spec)), true);
    }
  });
});

Deno.test("openSource says what to do about a suffix that it does not know", async () => {
  await withFiles(FILES, (dir) => {
    const error = assertThrows(() => openSource([`${dir}/e.txt`]), LoadError, "--format csv");
    assertEquals((error as LoadError).code, "usage");
    assertThrows(() => openSource([]), LoadError, "No source");
    const missing = assertThrows(() => openSource([`${dir}/no.txt`]), LoadError, "No such file");
    assertEquals((missing as LoadError).code, "source_missing");
  });
});

async function formatOf(specs: string[], options?: OpenSourceOptions): Promise<string> {
  const { value: part } = await openSource(specs, options).parts()[Symbol.asyncIterator]().next();
  const open = await part!.open();
  await open.close();
  const format: RecordFormat = open.format;
  if (format.kind === "ndjson") return format.kind;
  return [format.kind, format.delimiter, ...format.header].join(" ");
}
