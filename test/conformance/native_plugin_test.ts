/** Plugins in C and Rust: they plan what those in AssemblyScript plan, in 4 KB, and load as well. */
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { checkConformance } from "../../host/conformance/conformance.ts";
import { buildFolder, type FolderBuild, moduleOf } from "../../host/plugins/author/build_folder.ts";
import { newPlugin } from "../../host/plugins/author/new_plugin.ts";
import { CAPABILITIES } from "../../src/plugin_api/capability.ts";
import { createHost, LoadError, rows } from "../../mod.ts";
import { cKit, rustKit } from "../../tools/write_kits.ts";
import { missingCompiler } from "../support/native_compilers.ts";
import { kindOf, withFolder } from "../support/target.ts";
import { testWhere } from "../support/test_where.ts";
import { WAYS } from "./ways.ts";

const NATIVE = ["c", "rust"] as const;
const BYTES_MAX = 4 * 1024;
const LINES_MAX = 150;
const KIT_LINES_MAX = 200;

async function built(
  place: string,
  wanted: Omit<Parameters<typeof newPlugin>[0], "folder">,
): Promise<FolderBuild> {
  const folder = join(place, wanted.language ?? "plain", "mydb");
  await Deno.mkdir(join(folder, ".."), { recursive: true });
  await newPlugin({ folder, ...wanted });
  return await buildFolder(folder, moduleOf(folder));
}

for (const language of NATIVE) {
  const missing = await missingCompiler(language);
  for (const [family, write] of WAYS) {
    testWhere(
      missing,
      `plugin in ${language}: ${family} by ${write} plans what AssemblyScript's does`,
      () =>
        withFolder(async (place) => {
          const own = await built(place, { family, write, language });
          const other = await built(place, { family, write });
          assertEquals(own.check.steps.filter(({ problem }) => problem !== undefined), []);
          assert(own.check.plans.size >= 19, `${own.check.plans.size}`);
          for (const [question, plan] of other.check.plans) {
            assertEquals(own.check.plans.get(question), plan, question);
          }
          assertEquals(own.check.plans.size, other.check.plans.size);
          assert(own.check.bytes < BYTES_MAX, `${own.check.bytes} bytes`);
          assert(own.check.imports.every((name) => Object.hasOwn(CAPABILITIES, name)));
        }),
    );
  }

  testWhere(
    missing,
    `plugin in ${language}: it passes the conformance suite`,
    () =>
      kindOf("postgres").use(({ config }) =>
        withFolder(async (place) => {
          const { file } = await built(place, { family: "postgres", language });
          const outcomes = await checkConformance({ plugin: file, settings: config });
          const failed = outcomes.filter(({ kind }) => kind === "failed" || kind === "untried");
          assertEquals(failed, []);
          assert(outcomes.length > 500, `${outcomes.length}`);
        })
      ),
  );

  testWhere(
    missing,
    `plugin in ${language}: a word of its manifest is used where it is granted, and not without`,
    () =>
      withFolder(async (place) => {
        const folder = join(place, "mydb");
        const { files } = await newPlugin({ folder, family: "libsql", language });
        for (const name of files.filter((name) => /^src\/(plugin\.c|lib\.rs)$/.test(name))) {
          const text = await Deno.readTextFile(join(folder, name));
          const asking = text
            .replace('"config":{', '"words":{"types":["f32_blob(#9)"]},"config":{')
            .replace(/"BLOB"|(?<=\|)BLOB(?=\|)/, (type) => type.replace("BLOB", "F32_BLOB(3)"));
          assert(asking.includes('"words"') && asking.includes("F32_BLOB"), name);
          await Deno.writeTextFile(join(folder, name), asking);
        }
        await Deno.mkdir(join(folder, "dist"));
        const { file } = await buildFolder(folder, moduleOf(folder));
        await using host = await createHost();
        const load = async (name: string) => {
          const backend = await host.createBackend("mydb", { url: `libsql:${place}/${name}.db` });
          return await host.load(rows([{ id: 1, v: new Uint8Array(12) }]), backend, { table: "t" });
        };
        await host.registerPlugin(file);
        const refused: LoadError = await assertRejects(() => load("without"), LoadError);
        assertStringIncludes(refused.message, "f32_blob");
        await host.registerPlugin(file, { replace: true, grants: ["type:f32_blob"] });
        assertEquals((await load("with")).committed, 1);
        using database = new DatabaseSync(`${place}/with.db`);
        const row = database.prepare("SELECT sql FROM sqlite_master WHERE name = 't'").get();
        assertStringIncludes(String(row!.sql), "F32_BLOB(3)");
      }),
  );

  testWhere(
    missing,
    `plugin in ${language}: what does not compile is told by file and line`,
    () =>
      withFolder(async (place) => {
        const folder = join(place, "mydb");
        const { files } = await newPlugin({ folder, family: "libsql", language });
        const upsert = files.find((file) => file.includes("upsert"))!;
        const text = await Deno.readTextFile(join(folder, upsert));
        const line = text.split("\n").findIndex((one) => one.includes("put_updates")) + 1;
        await Deno.writeTextFile(join(folder, upsert), text.replace("put_updates", "put_update"));
        const error: LoadError = await assertRejects(
          () => buildFolder(folder, moduleOf(folder)),
          LoadError,
        );
        assertEquals(error.code, "plugin_unreadable");
        assertStringIncludes(error.message, `${upsert.replace("src/", "")}:${line}:`);
        assert(!error.message.includes(place), "names in it say nothing of the machine");
      }),
  );
}

Deno.test("plugins in C and Rust are short, and so are their kits", async () => {
  for (const language of NATIVE) {
    for (const [family, write] of WAYS) {
      await withFolder(async (place) => {
        const folder = join(place, "mydb");
        const { files } = await newPlugin({ folder, family, write, language });
        const lines = async (file: string) =>
          (await Deno.readTextFile(join(folder, file))).trimEnd().split("\n").length;
        let own = 0;
        for (const file of files) {
          if (/^src\/.*\.(c|h|rs)$/.test(file)) own += await lines(file);
          if (/^kit\/.*\.(h|rs)$/.test(file)) assert(await lines(file) < KIT_LINES_MAX, file);
        }
        assert(own > 0 && own < LINES_MAX, `${language} ${family}: ${own}`);
      });
    }
  }
});

Deno.test("kits in C and Rust have every function of the host that each plugin may call", async () => {
  for (const [kit, i32] of [[await cKit(), "int"], [await rustKit(), "i32"]] as const) {
    for (const [name, { params, granted }] of Object.entries(CAPABILITIES)) {
      if (granted === "by_name") continue;
      const entry = kit.find(({ declared }) => new RegExp(`\\b${name}\\(`).test(declared));
      if (!entry) throw new Error(`There is no ${name}`);
      const list = /\((.*?)\)/.exec(entry.declared)![1]!;
      const given = list === "" || list === "void" ? [] : list.split(", ");
      assertEquals(given.map((one) => one.includes(i32) ? "i32" : "i64"), [...params], name);
    }
  }
});
