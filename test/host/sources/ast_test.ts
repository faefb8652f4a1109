import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Parser } from "web-tree-sitter";
import { ast, AST_COLUMNS, type AstOptions } from "../../../host/sources/ast.ts";
import { loadGrammar } from "../../../host/sources/ast_grammar.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { Batcher } from "../../../src/batching/batcher.ts";
import { readBatches, readRecords, withFiles } from "./read_source.ts";

interface Row {
  readonly id: number;
  readonly parent_id: number | null;
  readonly file: string;
  readonly language: string;
  readonly kind: string;
  readonly named: boolean;
  readonly field: string | null;
  readonly start_byte: number;
  readonly end_byte: number;
  readonly start_row: number;
  readonly start_column: number;
  readonly end_row: number;
  readonly end_column: number;
  readonly text: string | null;
}

const TRICKY = '\ufefflet naïve = "日本😀", b\r\n  // é\n\tf(b,\n"\u0000\\n")\n';

Deno.test("ast makes a row of each node, with exactly its columns", async () => {
  await withFiles({ "a.ts": "let a = 1;\n" }, async (dir) => {
    const source = ast(dir);
    const rows = await readRows(dir);
    assertEquals([source.name, source.table, source.columns], [`ast:${dir}`, "nodes", AST_COLUMNS]);
    assertEquals(rows.map((row) => [row.id, row.parent_id, row.kind, row.field, row.text]), [
      [1, null, "program", null, null],
      [2, 1, "lexical_declaration", null, null],
      [3, 2, "let", "kind", null],
      [4, 2, "variable_declarator", null, null],
      [5, 4, "identifier", "name", "a"],
      [6, 4, "=", null, null],
      [7, 4, "number", "value", "1"],
      [8, 2, ";", null, null],
    ]);
    assertEquals(rows.map((row) => row.named), [true, true, false, true, true, false, true, false]);
    for (const row of rows) {
      assertEquals(Object.keys(row), AST_COLUMNS.map((column) => column.name));
      assertEquals([row.file, row.language], ["a.ts", "typescript"]);
    }
  });
});

Deno.test("ast gives offsets, rows and columns in bytes of the file", async () => {
  await withFiles({ "a.js": TRICKY }, async (dir) => {
    const bytes = new TextEncoder().encode(TRICKY);
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for (const row of await readRows(dir)) {
      const text = decoder.decode(bytes.subarray(row.start_byte, row.end_byte));
      if (row.text !== null) assertEquals(row.text, text);
      assertEquals([row.start_row, row.start_column], place(bytes, row.start_byte));
      assertEquals([row.end_row, row.end_column], place(bytes, row.end_byte));
    }
    const texts = (await readRows(dir)).map((row) => row.text);
    assertEquals(["naïve", "日本😀", "// é", "f"].every((text) => texts.includes(text)), true);
  });
});

Deno.test("ast has the nodes, rows and order of the parser's own tree", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../host/sources/ast_rows.ts", import.meta.url),
  );
  const grammar = await loadGrammar("typescript");
  const parser = new Parser().setLanguage(grammar);
  const tree = parser.parse(text)!;
  await withFiles({ "a.ts": text }, async (dir) => {
    const rows = await readRows(dir);
    let next = 0;
    const compare = (node: typeof tree.rootNode, parent: Row | null, field: string | null) => {
      const row = rows[next++]!;
      assertEquals(
        [row.kind, row.named, row.parent_id, row.start_row, row.end_row, row.field],
        [
          node.type,
          node.isNamed,
          parent?.id ?? null,
          node.startPosition.row,
          node.endPosition.row,
          field,
        ],
      );
      node.children.forEach((child, index) => compare(child!, row, node.fieldNameForChild(index)));
    };
    compare(tree.rootNode, null, null);
    assertEquals(next, rows.length);
  });
  tree.delete();
  parser.delete();
});

Deno.test("ast keeps U+0000 and quotes of a text, and says where it could not parse", async () => {
  await withFiles({ "a.py": 'x = "a\\"b\u0000c"\n', "b.js": "let = = ;\n" }, async (dir) => {
    const rows = await readRows(dir);
    assertEquals(rows.some((row) => row.text?.includes("\u0000")), true);
    const error = rows.find((row) => row.file === "b.js" && row.kind === "ERROR");
    assertEquals(error?.named, true);
  });
});

Deno.test("ast numbers its nodes over all files, sorted by path, in one part", async () => {
  const files = { "b.json": "[1]", "a/z.json": "[2]", "a.json": "[3]", ".git/x.json": "[4]" };
  await withFiles(files, async (dir) => {
    const rows = await readRows(dir);
    assertEquals([...new Set(rows.map((row) => row.file))], ["a.json", "a/z.json", "b.json"]);
    assertEquals(rows.map((row) => row.id), rows.map((_, index) => index + 1));
    assertEquals(rows.filter((row) => row.parent_id === null).length, 3);
    assertEquals((await readBatches(ast(dir))).map((batch) => batch.part), [`ast:${dir}`]);
    assertEquals(await readRecords(ast(dir)), await readRecords(ast(dir)));
  });
});

Deno.test("ast names files by their paths where several directories or files are named", async () => {
  await withFiles({ "a/x.json": "1", "b/x.json": "2", "c.toml": "d = 1" }, async (dir) => {
    const rows = await readRows([`${dir}/a/`, `${dir}/b`, `${dir}/c.toml`]);
    const shown = [...new Set(rows.map((row) => row.file))];
    assertEquals(shown, [`${dir}/a/x.json`, `${dir}/b/x.json`, `${dir}/c.toml`]);
  });
});

Deno.test("ast looks at included files and known suffixes only", async () => {
  const files = { "a.ts": "1", "b.test.ts": "2", "c/d.ts": "3", "c/e.py": "4", "f.txt": "5" };
  await withFiles(files, async (dir) => {
    const shown = async (options: AstOptions) => [
      ...new Set((await readRows(dir, options)).map((row) => row.file)),
    ];
    assertEquals(await shown({}), ["a.ts", "b.test.ts", "c/d.ts", "c/e.py"]);
    assertEquals(await shown({ include: ["**/*.py", "a.*"] }), ["a.ts", "c/e.py"]);
  });
});

Deno.test("ast counts what it passes over, and tells why", async () => {
  const files = {
    "a.js": "1",
    "binary.js": Uint8Array.of(0x61, 0xff, 0xfe),
    "large.js": "x".repeat(2000),
    "gone.js": "1",
  };
  await withFiles(files, async (dir) => {
    const told: string[][] = [];
    const source = ast(dir, {
      fileBytesMax: 1000,
      onSkip: (file, reason) => {
        told.push([file, reason]);
      },
    });
    const parts = source.parts()[Symbol.asyncIterator]();
    const { value: part } = await parts.next();
    await Deno.remove(`${dir}/gone.js`);
    const open = await part!.open();
    let bytes = 0;
    const into = new Uint8Array(64 * 1024);
    for (let count; (count = await open.read(into)) !== undefined;) bytes += count;
    assertEquals(bytes > 0, true);
    assertEquals(told, [["large.js", "too_large"], ["binary.js", "not_utf8"], [
      "gone.js",
      "unreadable",
    ]]);
    assertEquals(source.skipped, 3);
    assertEquals([open.bytesRead(), source.bytesTotal], [5, 5]);
  });
});

Deno.test("ast says that a path is missing, has no grammar, or holds no source code", async () => {
  await withFiles({ "a.txt": "1" }, async (dir) => {
    const missing = assertThrows(() => ast(`${dir}/no`), LoadError, `${dir}/no`);
    assertEquals((missing as LoadError).code, "source_missing");
    const unknown = assertThrows(() => ast(`${dir}/a.txt`), LoadError, "No grammar");
    assertEquals((unknown as LoadError).code, "usage");
    const nothing = await assertRejects(() => readRecords(ast(dir)), LoadError, "No source code");
    assertEquals(nothing.code, "source_missing");
    assertThrows(() => ast([]), LoadError, "No source code was named");
  });
});

Deno.test("ast walks a tree of any depth", async () => {
  const depth = 20_000;
  await withFiles({ "a.json": "[".repeat(depth) + "]".repeat(depth) }, async (dir) => {
    const rows = await readRows(dir);
    assertEquals(rows.filter((row) => row.kind === "array").length, depth);
  });
});

Deno.test("ast can be closed between two nodes", async () => {
  await withFiles({ "a.json": JSON.stringify(Array(20_000).fill(1)) }, async (dir) => {
    const limits = { rowsMax: 10, bytesMax: 10_000, recordBytesMax: 10_000 };
    const batcher = new Batcher(ast(dir).parts(), limits);
    await batcher.next();
    await batcher.close();
    await assertRejects(() => batcher.next(), LoadError, "stopped");
  });
});

async function readRows(paths: string | string[], options?: AstOptions): Promise<Row[]> {
  return (await readRecords(ast(paths, options))).map((record) => JSON.parse(record));
}

/** Row and column of an offset, both from 0, in bytes. */
function place(bytes: Uint8Array, offset: number): number[] {
  const before = bytes.subarray(0, offset);
  return [before.filter((byte) => byte === 10).length, offset - (before.lastIndexOf(10) + 1)];
}
