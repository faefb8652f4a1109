/** Plugins that `snakepipe new` makes: each is built, passes as it stands, and loads into a real database. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createHost, rows, type WriteMode } from "../../mod.ts";
import { buildFolder, moduleOf } from "../../host/plugins/author/build_folder.ts";
import { type LanguageName, LANGUAGES } from "../../host/plugins/author/language.ts";
import { newPlugin } from "../../host/plugins/author/new_plugin.ts";
import { LoadError } from "../../src/model/errors.ts";
import { FAMILIES } from "../families/families.ts";
import { missingCompiler } from "../support/native_compilers.ts";
import { kindOf, withFolder } from "../support/target.ts";
import { testWhere } from "../support/test_where.ts";
import { WAYS } from "./ways.ts";

const PLACES = 6;
const missing = new Map<LanguageName, string | undefined>();
for (const { name } of LANGUAGES) missing.set(name, await missingCompiler(name));

for (
  const [family, write, language] of WAYS.flatMap((way) =>
    LANGUAGES.map(({ name }) => [...way, name] as const)
  )
) {
  const what = `${family} by ${write} in ${language}: it builds, passes, and marks six places`;
  testWhere(missing.get(language), `new plugin: ${what}`, () =>
    withFolder(async (place) => {
      const folder = join(place, "own-db");
      const made = await newPlugin({ folder, family, write, language });
      assertEquals([made.name, made.family, made.write], ["own-db", family, write]);
      const texts = await Promise.all(
        made.files.map((file) => Deno.readTextFile(join(folder, file))),
      );
      for (const [i, text] of texts.entries()) {
        assert(
          !/mydb|SNAKEPIPE_|\bFAMILY\b|[A-Z]_FILE/.test(text),
          `${made.files[i]} has a word of the template`,
        );
      }
      const marks = texts.flatMap((text) =>
        [...text.matchAll(/CHANGE (\d) of 6/g)].map((m) => m[1])
      );
      assertEquals(marks.sort(), Array.from({ length: PLACES }, (_, i) => `${i + 1}`));
      const { entry, kitEntry } = LANGUAGES.find(({ name }) => name === language)!;
      for (const file of ["README.md", "deno.json", ".gitignore", entry, `kit/${kitEntry}`]) {
        assert(made.files.includes(file), file);
      }

      const { check, file } = await buildFolder(folder, moduleOf(folder));
      assertEquals(check.steps.filter(({ problem }) => problem !== undefined), []);
      assertEquals(check.plans.size, check.steps.length - 5);
      const { name, driver, schemes } = check.manifest;
      assertEquals([name, driver, ...schemes], ["own-db", family, "own-db"]);
      const readme = await Deno.readTextFile(join(folder, "README.md"));
      const named = [...readme.matchAll(/^\| (\d) \| `([^`]*)`/gm)];
      assertEquals(named.length, PLACES);
      for (const [, place, file] of named) {
        assertStringIncludes(await Deno.readTextFile(join(folder, file!)), `CHANGE ${place} of 6`);
      }

      // A server may be none of this machine's.
      if (FAMILIES.some(({ name }) => name === family)) await loadsByKey(family, file);
    }));
}

/** What authors find out last: a key twice in one batch, and a replace by fewer rows. */
async function loadsByKey(family: string, plugin: string): Promise<void> {
  await kindOf(family).use(async ({ config, query, textOf }) => {
    await using host = await createHost({ firstConnection: "lane" });
    const { type } = await host.registerPlugin(plugin);
    const backend = await host.createBackend(type, config);
    const load = async (mode: WriteMode, ids: readonly number[]) => {
      const source = rows(ids.map((id, i) => ({ id, v: `${mode} ${i}` })));
      const report = await host.load(source, backend, { table: "t", mode, key: ["id"] });
      assertEquals(report.read, ids.length);
      const found = await query(`SELECT ${textOf("id")} AS id, v FROM t ORDER BY id`);
      return found.map(({ id, v }) => `${id} ${v}`);
    };
    assertEquals(await load("append", [1, 2]), ["1 append 0", "2 append 1"]);
    const merged = ["1 append 0", "2 upsert 2", "3 upsert 1"];
    assertEquals(await load("upsert", [2, 3, 2]), merged);
    assertEquals(await load("replace", [4]), ["4 replace 0"]);
  });
}

Deno.test("new plugin: the ways above are all that there are templates for", async () => {
  for (const { name } of FAMILIES) {
    const ways = WAYS.filter(([family]) => family === name).map(([, way]) => way);
    assert(ways.length > 0, name);
    for (const write of ["copy", "insert"]) {
      if (ways.some((way) => way === write)) continue;
      await assertRefused(
        { folder: "own", family: name, write },
        `are written by ${ways[0]}, not by`,
      );
    }
  }
});

const REFUSED: readonly (readonly [what: string, folder: string, family: string, says: string])[] =
  [
    ["a name that is no URL scheme", "Own_DB", "libsql", "since it is a URL scheme too: Own_DB"],
    ["a family that is none", "own", "oracle", "there are duckdb, libsql, mysql, postgres"],
  ];
for (const [what, folder, family, says] of REFUSED) {
  Deno.test(`new plugin: ${what} is refused, and nothing is written`, () =>
    withFolder(async (place) => {
      await assertRefused({ folder: join(place, folder), family }, says);
      assertEquals([...Deno.readDirSync(place)], []);
    }));
}

Deno.test("new plugin: a folder that has something in it stays as it is", () =>
  withFolder(async (place) => {
    const folder = join(place, "own");
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "kept.txt"), "kept");
    await assertRefused(
      { folder, family: "libsql" },
      "has something in it already, such as kept.txt",
    );
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["kept.txt"]);
  }));

async function assertRefused(wanted: Parameters<typeof newPlugin>[0], says: string): Promise<void> {
  const error: LoadError = await assertRejects(() => newPlugin(wanted), LoadError);
  assertEquals(error.code, "usage");
  assertStringIncludes(error.message, says);
}
