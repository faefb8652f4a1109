/** The documents: their links lead somewhere, the files that they name exist, and their words are plain. */
import { assertEquals } from "@std/assert";
import { dirname, join, normalize } from "@std/path";
import { REPLACED_WORDS } from "./replaced_words.ts";
import { ROOT, treeFiles } from "./tree_files.ts";

/** Every file of the tree, with slashes; those that are new and not ignored too. */
const FILES: ReadonlySet<string> = new Set(await treeFiles());
const FOLDERS: ReadonlySet<string> = new Set([...FILES].flatMap(foldersOf));
const DOCUMENTS: ReadonlyMap<string, string> = new Map(
  await Promise.all(
    [...FILES].filter((file) => file.endsWith(".md")).map(async (file) =>
      [file, await Deno.readTextFile(join(ROOT, file))] as const
    ),
  ),
);

/** What is made by a build, or by a user. */
const MADE = /(^|\/)dist(\/|$)|^plugins\/strict/;
/** A path of the tree in backticks, with no part left open. */
const NAMED_PATH = /`((?:src|host|plugins|test|bench|tools|docs|\.ci|\.github)\/[\w./-]*)`/g;
const LINK = /\]\(([^)\s]+)\)/g;

Deno.test("documents: each link to a file or a heading leads there", () => {
  const wrong: string[] = [];
  for (const [document, text] of DOCUMENTS) {
    for (const [, target] of withoutCode(text).matchAll(LINK)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [path, anchor] = target!.split("#");
      const file = path ? normalize(join(dirname(document), path)).replace(/\/$/, "") : document;
      if (!FILES.has(file) && !FOLDERS.has(file)) wrong.push(`${document}: no file ${target}`);
      else if (anchor && !anchorsOf(DOCUMENTS.get(file) ?? "").has(anchor)) {
        wrong.push(`${document}: no heading ${target}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("documents: each path of the tree that they name exists", () => {
  const wrong: string[] = [];
  for (const [document, text] of DOCUMENTS) {
    if (document === "CHANGELOG.md") continue;
    for (const [, path] of withoutBlocks(text).matchAll(NAMED_PATH)) {
      const file = path!.replace(/\/$/, "");
      if (!MADE.test(file) && !FILES.has(file) && !FOLDERS.has(file)) {
        wrong.push(`${document} names ${path}`);
      }
    }
  }
  assertEquals(wrong, []);
});

Deno.test("documents: architecture.md names every room of src and host", () => {
  const text = DOCUMENTS.get("docs/architecture.md") ?? "";
  const rooms = [...FOLDERS].filter((folder) => /^(src|host)\/[^/]+$/.test(folder));
  assertEquals(rooms.filter((room) => !text.includes(`\`${room}/`)).sort(), []);
});

Deno.test("documents: words that were replaced do not come back", () => {
  const wrong = [...DOCUMENTS].flatMap(([document, text]) =>
    replacedWords(document, withoutCode(text))
  );
  assertEquals(wrong, []);
});

Deno.test("code: words that were replaced do not come back in comments and messages", async () => {
  const code = [...FILES].filter((file) => /^(src|host|plugins|tools)\/.*\.ts$/.test(file));
  const wrong = await Promise.all(
    code.map(async (file) => replacedWords(file, await Deno.readTextFile(join(ROOT, file)))),
  );
  assertEquals(wrong.flat(), []);
  assertEquals(replacedWords("x.ts", "/** Read anew. */").length, 1, "one is found");
});

Deno.test("documents: every decision has its line in DESIGN.md and the sections of a decision", () => {
  const design = DOCUMENTS.get("DESIGN.md") ?? "";
  const decisions = [...DOCUMENTS].filter(([file]) => file.startsWith("docs/decisions/"));
  const wrong: string[] = [];
  for (const [file, text] of decisions) {
    if (!/^docs\/decisions\/\d{4}-[a-z0-9-]+\.md$/.test(file)) wrong.push(`${file}: its name`);
    if (!design.includes(`](${file})`)) wrong.push(`${file} is not in DESIGN.md`);
    for (const section of ["Context", "Decision", "Consequence"]) {
      if (!text.includes(`\n## ${section}\n`)) wrong.push(`${file} has no ${section}`);
    }
  }
  const numbers = decisions.map(([file]) =>
    Number(file.slice("docs/decisions/".length).slice(0, 4))
  );
  const expected = numbers.map((_, i) => i + 1);
  assertEquals([numbers.toSorted((a, b) => a - b), wrong], [expected, []]);
});

Deno.test("documents: the glossary has 25 words at the most, each once", () => {
  const text = DOCUMENTS.get("docs/glossary.md") ?? "";
  const words = [...text.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, word]) => word!);
  assertEquals(words.length > 0 && words.length <= 25, true, `${words.length} words`);
  assertEquals(words.length, new Set(words).size);
});

/** Text without fenced blocks, which are programs and their output; each becomes as many empty lines. */
function withoutBlocks(text: string): string {
  return text.replaceAll(
    /^ *```[\s\S]*?^ *```$/gm,
    (block) => "\n".repeat(block.split("\n").length - 1),
  );
}

/**
 * Without what stands in backticks either, since names of the code are what they are, and without the
 * table that the conformance suite writes.
 */
function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]*`/g, "``").replace(
    /<!-- matrix[\s\S]*<!-- end of matrix -->/,
    (table) => "\n".repeat(table.split("\n").length - 1),
  );
}

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = withoutBlocks(text).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    ),
  );
}

function foldersOf(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** Each word of the text that was replaced by a better one, with its place. */
function replacedWords(file: string, text: string): string[] {
  return text.split("\n").flatMap((line, i) =>
    REPLACED_WORDS.flatMap(({ word, better }) => {
      const found = word.exec(line)?.[0];
      return found ? [`${file}:${i + 1}: "${found}"; better: ${better}`] : [];
    })
  );
}
