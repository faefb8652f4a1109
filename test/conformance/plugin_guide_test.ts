/** The guide for authors of plugins: its code compiles, runs and loads; its tables are complete. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { createHost, type Host, LoadError, ndjson, rows } from "../../mod.ts";
import { CAPABILITIES, PLUGIN_EXPORTS } from "../../src/plugin_api/capability.ts";
import { checkPlugin } from "../../host/plugins/check/plugin_check.ts";
import { vetCandidate } from "../../host/plugins/install/candidate.ts";
import { pluginSource } from "../../host/plugins/install/plugin_source.ts";
import { grant } from "../../host/plugins/store/admission.ts";
import { DRIVER_FAMILIES } from "../../host/drivers/load_driver.ts";
import { GUIDE as GUIDE_PATH } from "../../src/plan_policy/lesson.ts";
import { compilePlugin } from "../../tools/build_plugins.ts";
import { assemblyKit, cKit, rustKit, withKits } from "../../tools/write_kits.ts";
import { withRecipes } from "../../tools/write_recipes.ts";
import { ProgramFolder, rowsText } from "../integration/cli/program.ts";
import { missingCompiler } from "../support/native_compilers.ts";
import { kindOf } from "../support/target.ts";
import { testWhere } from "../support/test_where.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const GUIDE = await Deno.readTextFile(join(ROOT, "plugins", "README.md"));
/** The same with tables as if nobody had aligned them. */
const TABLES = GUIDE.replaceAll(/ +/g, " ");

Deno.test("plugin guide's plugin is compiled, admitted and listed with what it imports", () =>
  withGuide(({ host }) => {
    const strict = host.discoverAvailableBackends().find((b) => b.type === "strict");
    assertEquals(strict?.status, "available", strict?.reason);
    assertEquals([...strict!.schemes], ["strict"]);
    assertEquals([...strict!.capabilities.modes], ["append", "upsert"]);
    assert(Object.hasOwn(strict!.configSchema.properties, "foreignKeys"));
    assert(Object.hasOwn(strict!.configSchema.properties, "url"));
    assert(strict!.plugin!.imports.includes("sql_insert"));
  }));

Deno.test("plugin guide's plugin loads rows that are read back equal", () =>
  withGuide(async ({ host, folder }) => {
    const file = join(folder, "back.db");
    const backend = await host.createBackend("strict", {
      url: `libsql:${file}`,
      rowsPerStatement: 7,
    });
    assertEquals((await backend.healthCheck()).status, "healthy");
    const texts = ['it\'s "quoted"', "tab\there", "line\nbreak", "back\\slash", "snake 🐍", null];
    const source = Array.from({ length: 100 }, (_, i) => ({
      id: i,
      big: 9_007_199_254_740_993n + BigInt(i),
      text: texts[i % texts.length]!,
      part: i / 10,
    }));
    const report = await host.load(rows(source), backend, { table: "back", key: ["id"] });
    assertEquals([report.read, report.committed, report.rejected], [100, 100, 0]);
    assertEquals(
      readBack(file, "SELECT id, big, text, part FROM back ORDER BY id"),
      source.map((row) => [
        BigInt(row.id),
        row.big,
        row.text,
        row.part,
      ]),
    );
    const [[ddl]] = readBack(file, "SELECT sql FROM sqlite_schema WHERE name = 'back'") as [
      [string],
    ];
    assert(ddl.endsWith("STRICT"));
  }));

Deno.test("plugin guide's plugin merges an upsert, and the last row of a key wins", () =>
  withGuide(async ({ host, folder }) => {
    const file = join(folder, "merge.db");
    const backend = await host.createBackend("strict", { url: `libsql:${file}` });
    for (
      const [name, text] of [
        ["first", '{"id":1,"v":"a"}\n{"id":2,"v":"b"}\n'],
        ["second", '{"id":2,"v":"c"}\n{"id":3,"v":"d"}\n{"id":2,"v":"e"}\n'],
      ] as const
    ) {
      const lines = join(folder, `${name}.ndjson`);
      await Deno.writeTextFile(lines, text);
      await host.load(ndjson(lines), backend, { table: "m", mode: "upsert", key: ["id"] });
    }
    assertEquals(readBack(file, "SELECT id, v FROM m ORDER BY id"), [[1n, "a"], [2n, "e"], [
      3n,
      "d",
    ]]);
  }));

Deno.test("plugin guide's plugin fails with its own words where it cannot plan", () =>
  withGuide(async ({ host, folder }) => {
    const backend = await host.createBackend("strict", { url: `libsql:${join(folder, "no.db")}` });
    await assertRejects(
      () => host.load(rows([{ id: 1 }]), backend, { table: "m", mode: "upsert", key: ["id"] }),
      LoadError,
      "an upsert needs a column beside the key",
    );
  }));

Deno.test("plugin guide's words are asked for, and every one can be granted", () =>
  withGuide(async ({ folder }) => {
    const entry = join(folder, "asking_entry.ts");
    await Deno.writeTextFile(
      entry,
      'export { manifest } from "./asking";\nexport { checkHealth as health_check } from "@snakepipe/kit";\n' +
        "export function connect(): i32 { return 0; }\nexport function write_batch(): i32 { return 0; }\n",
    );
    const file = join(folder, "asking.wasm");
    await compilePlugin(entry, file);
    const names = ["type:vector", "type:geometry", "option:unlogged", "setting:statement_timeout"];
    for (const name of names) {
      const { after } = await grant(file, [name]);
      assert(after!.grants.some((granted) => granted === name), name);
    }
    const { imports, words } = await checkPlugin(file, {
      grants: new Set(),
      settings: () => ({}),
    });
    assert(!imports.includes("batch_column_name"));
    assertEquals(words.map(({ grant }) => grant), names);
  }));

Deno.test("plugin guide's program runs as it stands", () =>
  withGuide(async ({ folder }) => {
    const program = await Deno.readTextFile(join(folder, "load.ts"));
    const here = program
      .replace("@snakepipe/snakepipe", toFileUrl(join(ROOT, "mod.ts")).href)
      .replace("./plugins/dist", join(folder, "dist"))
      .replace("notes.db", join(folder, "notes.db"));
    await Deno.writeTextFile(join(folder, "load_here.ts"), here);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--config", join(ROOT, "deno.json"), join(folder, "load_here.ts")],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertEquals(new TextDecoder().decode(stdout), "2\n");
    assertEquals(
      readBack(join(folder, "notes.db"), "SELECT id, title, stars FROM notes ORDER BY id"),
      [
        [1n, 'It\'s "quoted"', 4.5],
        [2n, "snake 🐍", null],
      ],
    );
  }));

Deno.test("plugin guide's commands do what they say, from an empty folder to loaded tables", () =>
  kindOf("postgres").use(async ({ config, query }) => {
    await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
    await writeFiles(place.folder, guideFiles(), "strict");
    await Deno.rename(place.path("strict/quirks.json"), place.path("quirks.json"));
    const said = await runAll(place, commandsOf("The first ten minutes"), config.url);
    assertEquals(said.match(/answered as they must be: it passes/g)?.length, 2);
    assertMatch(said, /mydb\.wasm: plugin mydb 0\.1\.0, .* on SQLite [\d.]+\n/);
    assertMatch(said, /mypg\.wasm: plugin mypg 0\.1\.0, .* on PostgreSQL [\d.]+\n/);
    assertEquals(said.match(/\d+ cases passed, .*: it passes/g)?.length, 2);
    assertEquals(readBack(place.path("rows.db"), "SELECT count(*) FROM t"), [[3n]]);
    assertEquals(await query("SELECT count(*)::text AS n FROM t"), [{ n: "3" }]);
    const step = commandsOf("4. Build it and load a table");
    assertStringIncludes(await runAll(place, step, config.url), "it passes");
    const tested = await runAll(place, commandsOf("Testing"), config.url);
    assertMatch(tested, /strict\.wasm: plugin strict 0\.1\.0, .* on SQLite/);
    assertStringIncludes(tested, "it is kept in plugins/dist/plugins.checked");
  }));

const missing = await missingCompiler("c") ?? await missingCompiler("rust");
testWhere(missing, "plugin guide's commands and files in C and Rust do what they say", async () => {
  await using place = await ProgramFolder.create();
  const commands = commandsOf("C and Rust");
  const first = await runAll(place, commands, "");
  assertEquals(first.match(/answered as they must be: it passes/g)?.length, 2);
  const files = guideFiles("c|rust");
  for (const file of ["cdb/src/upsert.h", "rdb/src/upsert.rs"]) assert(files.has(file), file);
  for (const [file] of files) {
    if (/\.(h|rs)$/.test(file)) assert((await Deno.stat(place.path(file))).isFile, file);
  }
  await writeFiles(place.folder, files);
  const again = commands.filter((words) => words[0] === "build");
  assertEquals(await runAll(place, again, "").then((said) => said.match(/it passes/g)?.length), 2);
});

Deno.test("plugin guide has what the kits have, as their sources say it", async () => {
  assertEquals(await withKits(GUIDE), GUIDE, "deno run -A tools/write_kits.ts writes it");
  for (const kit of [await assemblyKit(), await cKit(), await rustKit()]) {
    assert(kit.length > 40, `${kit.length}`);
    for (const { declared, says } of kit) assert(declared !== "" && says.endsWith("."), declared);
  }
});

Deno.test("plugin guide's conformance test passes as it stands", () =>
  withGuide(async ({ folder }) => {
    const file = join(folder, "conformance_test.ts");
    const suite = toFileUrl(join(ROOT, "host", "conformance", "conformance.ts")).href;
    const program = (await Deno.readTextFile(file))
      .replace("@snakepipe/snakepipe/conformance", suite)
      .replace("dist/strict.wasm", join(folder, "dist", "strict.wasm"))
      .replace("strict.db", join(folder, "strict.db"));
    await Deno.writeTextFile(file, program);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", "--config", join(ROOT, "deno.json"), file],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
    assertStringIncludes(decoder.decode(stdout), "1 passed (11 steps)");
  }));

Deno.test("plugin guide's way to sign makes what install asks for", () =>
  withGuide(async ({ folder }) => {
    const [, commands] = /^```sh\n(openssl genpkey.*?)^```$/ms.exec(GUIDE)!;
    const { code, stdout } = await new Deno.Command("sh", {
      args: ["-ec", commands!],
      cwd: join(folder, "dist"),
    }).output();
    assertEquals(code, 0);
    const [key, hash] = new TextDecoder().decode(stdout).trim().split("\n");
    const to = { folder: join(folder, "installed") };
    const file = join(folder, "dist", "strict.wasm");
    const byHash = `${file}#sha256=${hash!.split(" ")[0]}`;
    await vetCandidate(pluginSource(byHash, undefined), to);
    const keyed = { ...to, trustedKeys: [key!] };
    assertEquals((await vetCandidate(pluginSource(file, undefined), keyed)).signer, key);
  }));

Deno.test("plugin guide lists every function of the host with its signature and phases", () => {
  for (const [name, { params, results, phases, granted }] of Object.entries(CAPABILITIES)) {
    const signature = `(${params.join(", ")}) -> (${results.join(", ")})`;
    const row = `| \`${name}\` | \`${signature}\` | ${phases.join(", ")} |`;
    assert(TABLES.includes(granted === "by_name" ? `${row} _by name_` : row), row);
  }
});

Deno.test("plugin guide lists every export", () => {
  for (const [name, need] of Object.entries(PLUGIN_EXPORTS)) {
    assert(TABLES.includes(`| \`${name}\` | ${need} |`), name);
  }
});

Deno.test("plugin guide has the recipes of every family as they are held to", async () => {
  const written = "deno run -A tools/write_recipes.ts writes them";
  assertEquals(await withRecipes(GUIDE), GUIDE, written);
  for (const { name } of DRIVER_FAMILIES) assertStringIncludes(GUIDE, `#### Recipes of ${name}\n`);
});

Deno.test("plugin guide has the sections that refusals point to", () => {
  assertEquals(GUIDE_PATH, "plugins/README.md");
  for (const section of ["Slots", "Recipes", "Words", "When it is refused"]) {
    assert(new RegExp(`^##+ ${section}$`, "m").test(GUIDE), section);
  }
});

/** The commands of a section, as words; those that go on until they are stopped are left out. */
function commandsOf(section: string): string[][] {
  const title = new RegExp(`^#+ ${section}$`, "m").exec(GUIDE)!;
  const text = GUIDE.slice(title.index + title[0].length).split(/^#+ (?!\w+\.wasm)/m)[0]!;
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
  const lines = blocks.flatMap((block) => block.trim().split("\n"));
  assert(lines.length > 0 && lines.every((line) => line.startsWith("snakepipe ")), section);
  return lines.map((line) => line.replace(/ +#.*$/, "").split(" ").slice(1))
    .filter((words) => !words.includes("--watch"));
}

/** Runs commands, each of which has to end well; what they have printed. */
async function runAll(
  place: ProgramFolder,
  commands: readonly string[][],
  postgres: string,
): Promise<string> {
  let said = "";
  for (const words of commands) {
    const here = words.map((word) =>
      word.replace(
        /^(\w+):\/\/me@localhost\/test$/,
        (_, scheme) => postgres.replace(/^\w+/, scheme),
      )
    );
    const { status, out, err } = await place.run(here);
    assertEquals(status, 0, `${words.join(" ")}\n${out}${err}`);
    said += out;
  }
  return said;
}

async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  within = ".",
): Promise<void> {
  for (const [file, text] of files) {
    const path = join(folder, within, file);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}

interface GuidePlace {
  readonly host: Host;
  readonly folder: string;
}

/** The guide's files in a folder of their own, its plugin built into `dist`, and a host on that. */
async function withGuide(use: (place: GuidePlace) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_guide_" });
  try {
    await writeFiles(folder, guideFiles());
    await compilePlugin(join(folder, "assembly", "index.ts"), join(folder, "dist", "strict.wasm"));
    await using host = await createHost({ plugins: join(folder, "dist") });
    await use({ host, folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The guide's code blocks that name a file, in their first line or in the line above. */
function guideFiles(languages = "ts"): Map<string, string> {
  const blocks = GUIDE.matchAll(
    new RegExp(
      `^\`\`\`(?:${languages})\\n// (\\S+\\.(?:${languages}|h|rs))\\n(.*?)^\`\`\`$`,
      "gms",
    ),
  );
  const json = GUIDE.matchAll(/^`(\S+\.json)`:\n\n```json\n(.*?)^```$/gms);
  return new Map([...blocks, ...json].map(([, file, text]) => [file!, text!]));
}

function readBack(file: string, query: string): unknown[][] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const statement = database.prepare(query);
    statement.setReadBigInts(true);
    return statement.all().map((row) => Object.values(row));
  } finally {
    database.close();
  }
}
