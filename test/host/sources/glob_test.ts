import { assertEquals, assertThrows } from "@std/assert";
import { expandGlob, hasGlob } from "../../../host/sources/glob.ts";
import { ndjson } from "../../../host/sources/ndjson.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { readBatches, withFiles } from "./read_source.ts";

const FILES = {
  "a.csv": "",
  "b.ndjson": "1\n",
  "c.ndjson": "2\n",
  ".hidden.ndjson": "3\n",
  "d/e.ndjson": "4\n",
  "d/f/g.ndjson": "5\n",
  ".git/h.ndjson": "6\n",
  "[x].ndjson": "7\n",
};

Deno.test("a glob matches files, sorted, and no hidden ones", async () => {
  await withFiles(FILES, (dir) => {
    const found = (pattern: string) =>
      expandGlob(`${dir}/${pattern}`).map((path) => path.slice(dir.length + 1));
    assertEquals(found("*.ndjson"), ["[x].ndjson", "b.ndjson", "c.ndjson"]);
    assertEquals(found("?.ndjson"), ["b.ndjson", "c.ndjson"]);
    assertEquals(found("[b-c].*"), ["b.ndjson", "c.ndjson"]);
    assertEquals(found("{a,b}.{csv,ndjson}"), ["a.csv", "b.ndjson"]);
    assertEquals(found("*/*.ndjson"), ["d/e.ndjson"]);
    assertEquals(found("**/?.ndjson"), ["b.ndjson", "c.ndjson", "d/e.ndjson", "d/f/g.ndjson"]);
    assertEquals(found("d/**"), ["d/e.ndjson", "d/f/g.ndjson"]);
    assertEquals(found("**/f/../*.ndjson"), ["d/f/../e.ndjson"]);
    assertEquals(found(".h*"), [".hidden.ndjson"]);
    assertEquals(found("*"), ["[x].ndjson", "a.csv", "b.ndjson", "c.ndjson"]);
    assertEquals(found("no*/x"), []);
  });
});

Deno.test("a glob relative to where the program runs stays relative", async () => {
  await withFiles(FILES, (dir) => {
    const before = Deno.cwd();
    Deno.chdir(dir);
    try {
      assertEquals(expandGlob("d/*.ndjson"), ["d/e.ndjson"]);
      assertEquals(expandGlob("./b*"), ["./b.ndjson"]);
    } finally {
      Deno.chdir(before);
    }
  });
});

Deno.test("a glob does not follow a link to a directory, and a broken link matches nothing", async () => {
  await withFiles({ "a/b.ndjson": "1\n" }, (dir) => {
    Deno.symlinkSync(dir, `${dir}/a/loop`);
    Deno.symlinkSync(`${dir}/nowhere`, `${dir}/a/c.ndjson`);
    Deno.symlinkSync(`${dir}/a/b.ndjson`, `${dir}/a/d.ndjson`);
    assertEquals(expandGlob(`${dir}/**/*.ndjson`), [`${dir}/a/b.ndjson`, `${dir}/a/d.ndjson`]);
  });
});

Deno.test("a source takes a file as it is named before it takes the name for a glob", async () => {
  await withFiles(FILES, async (dir) => {
    assertEquals(hasGlob("[x].ndjson"), true);
    const [batch] = await readBatches(ndjson(`${dir}/[x].ndjson`));
    assertEquals(batch!.part, `${dir}/[x].ndjson`);
  });
});

Deno.test("a source names the glob that matches nothing", async () => {
  await withFiles(FILES, (dir) => {
    const error = assertThrows(() => ndjson(`${dir}/*.jsonl`), LoadError, `${dir}/*.jsonl`);
    assertEquals((error as LoadError).code, "source_missing");
  });
});

Deno.test("a source of a glob has the glob for its name, and its files for its parts", async () => {
  await withFiles(FILES, async (dir) => {
    const source = ndjson(`${dir}/?.ndjson`);
    assertEquals(source.name, `${dir}/?.ndjson`);
    const batches = await readBatches(source);
    assertEquals(batches.map((batch) => batch.part), [`${dir}/b.ndjson`, `${dir}/c.ndjson`]);
  });
});
