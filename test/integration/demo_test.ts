/** The demonstration, on small trees: a process of its own, in a folder of its own. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { withFolder } from "../support/target.ts";

const DEMO = fromFileUrl(new URL("../../tools/demo.ts", import.meta.url));
const DATABASE = ".cache/demo/ast.db";

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function demo(folder: string, args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", DEMO, ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { status: code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function write(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  }
}

function nodesByLanguage(folder: string): unknown[][] {
  using database = new DatabaseSync(join(folder, DATABASE), { readOnly: true });
  return database
    .prepare("SELECT language, count(*) FROM nodes GROUP BY language ORDER BY language")
    .all().map((row) => Object.values(row));
}

Deno.test("demo loads a tree again each run, and shows what it did", async () => {
  await withFolder(async (folder) => {
    await write(folder, {
      "my code/a.ts": "const a = 1;\n",
      "my code/b.json": "[1, 2, 3]\n",
      "my code/c.c": "int main(void) { return 0; }\n",
      "my code/d.ts": new Uint8Array([0x22, 0xe9, 0x22]),
    });
    await demo(folder, ["my code"]);
    const { status, out, err } = await demo(folder, ["my code"]);
    assertEquals(status, 0, err);

    const languages = nodesByLanguage(folder) as [string, number][];
    assertEquals(languages.map(([language]) => language), ["c", "json", "typescript"]);
    const total = languages.reduce((sum, [, nodes]) => sum + nodes, 0);
    assertStringIncludes(out, `${total} rows committed to nodes in `);
    assertMatch(out, /rows\/s, 55 B, 1 batch\n/);
    assertStringIncludes(out, "1 file was passed over (not UTF-8): d.ts\n");
    for (const [language, nodes] of languages) {
      assertMatch(out, new RegExp(`^  ${language} +1 +${nodes} +[0-9.]+ %$`, "m"));
    }
    const [, kinds = ""] = out.split("most frequent kinds of nodes:\n");
    const lines = kinds.split("\n\n")[0]!.split("\n");
    assertEquals(lines.length, 11, "a head and ten kinds");
    assertEquals(new Set(lines.map((line) => line.length)).size, 1, "figures end in one column");
    assertMatch(lines[1]!, /^ {2}number +4 +[0-9.]+ %$/);
    assertStringIncludes(out, "deno run -A mod.ts load 'ast:my code' \\\n    --to postgres://");
  });
});

Deno.test("demo names a folder that is not there, and keeps the database of the last run", async () => {
  await withFolder(async (folder) => {
    await write(folder, { "code/a.json": "[]", [DATABASE]: "kept" });
    const { status, out, err } = await demo(folder, ["code", "nowhere"]);
    assertEquals([status, out], [2, ""]);
    assertStringIncludes(err, "nowhere");
    assertEquals(await Deno.readTextFile(join(folder, DATABASE)), "kept");
  });
});

Deno.test("demo fails where its own sources come to too few nodes", async () => {
  await withFolder(async (folder) => {
    const folders = ["src", "host", "plugins", "tools", "test", "bench"];
    const packages = ["web-tree-sitter", "valibot", "assemblyscript/std"];
    const places = [...folders, ...packages.map((name) => `node_modules/${name}`)];
    await write(folder, {
      "mod.ts": "export {};\n",
      ...Object.fromEntries(places.map((place) => [`${place}/a.json`, "[]\n"])),
    });
    const { status, out, err } = await demo(folder, []);
    assertEquals(status, 1, err);
    assert(out.includes("rows committed"), "what was loaded is shown all the same");
    assertStringIncludes(err, "are fewer than the 300,000 that this source code comes to");
  });
});
