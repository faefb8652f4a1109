/**
 * A family of databases is one folder, one line in `host/drivers/drivers.ts`, one plugin, and one
 * descriptor for its tests: nothing else names it, so that another one is added without a change to
 * what is there.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ALL_FAMILIES } from "../families/families.ts";
import type { TestFamily } from "../families/family.ts";
import { NAMED } from "./named_families.ts";
import { ROOT, treeFiles } from "./tree_files.ts";

/** Code that any family could be named in; benchmarks compare databases by name. */
const SEARCHED = /^(mod|(src|host|plugins|tools|test)\/.*)\.ts$/;

/** What has the exceptions. */
const EXCEPTIONS = "test/tidy/named_families.ts";

/** Texts in quotes, which stay, and comments, which may say whose format or habit something is. */
const QUOTED_OR_COMMENT =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** One line of code that names a family. */
interface Naming {
  readonly family: string;
  readonly file: string;
  readonly line: string;
}

Deno.test("families: nothing names one but its own files, and what says why", async () => {
  const found = await namings();
  const wrong = found.filter(({ family, file }) =>
    !NAMED.some(({ families, files }) => families.includes(family) && files.includes(file))
  );
  assertEquals(
    wrong.map(({ family, file, line }) =>
      `${file} names ${family}: ${line}\nMove it to that family's folder, name the family in the ` +
      `test's file name, or list the file with a reason in ${EXCEPTIONS}`
    ),
    [],
  );
});

Deno.test("families: what is said to name one does", async () => {
  const found = await namings();
  const idle = NAMED.flatMap(({ families, files }) =>
    files.flatMap((file) => {
      const missing = families.filter((family) =>
        !found.some((n) => n.file === file && n.family === family)
      );
      return missing.map((family) => `${file} does not name ${family}, as ${EXCEPTIONS} says`);
    })
  );
  assertEquals(idle, []);
});

async function namings(): Promise<readonly Naming[]> {
  const searched = (await treeFiles()).filter((file) => SEARCHED.test(file) && file !== EXCEPTIONS);
  const all = await Promise.all(searched.map(async (file) => {
    const text = await Deno.readTextFile(join(ROOT, file));
    const code = text.replaceAll(QUOTED_OR_COMMENT, (_, quoted = "") => quoted);
    return ALL_FAMILIES.filter((family) => !isOwn(file, family)).flatMap((family) =>
      code.split("\n").filter((line) => family.words.test(line))
        .map((line) => ({ family: family.name, file, line: line.trim() }))
    );
  }));
  return all.flat();
}

/** Whether a file is in the family's folders, or the test says in its path that it is about the family. */
function isOwn(file: string, { name, plugin, words }: TestFamily): boolean {
  const folders = [`host/drivers/${name}/`, `plugins/${plugin}/`, `plugins/template/${name}/`];
  return folders.some((folder) => file.startsWith(folder)) ||
    file === "host/drivers/drivers.ts" || (file.startsWith("test/") && words.test(file));
}
