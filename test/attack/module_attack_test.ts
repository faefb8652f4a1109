/**
 * Hostile modules, through the door that every plugin takes: the folder. Whatever is in one, it is
 * stopped for a reason that is told, in time, and the other backends work.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import {
  createHost,
  type DatabaseBackend,
  type Host,
  LoadError,
  ndjson,
  type Source,
} from "../../mod.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";
import { buildCodec } from "../../tools/build_codec.ts";
import { PLUGINS, withFolder } from "../support/target.ts";
import { withinBudget } from "./attack_budget.ts";
import { type ModuleCase, modulesByTheme, stoppingLayer } from "./module_case.ts";

await buildPlugins();
await buildCodec();
const themes = await modulesByTheme();

for (const [theme, attacks] of themes) {
  Deno.test(`hostile modules: ${theme}: each is stopped, and others work`, (t) =>
    withFolder(async (folder) => {
      const folded = attacks.map(inFolder);
      const plugins = await pluginsWith(folder, folded);
      const others = await createTables(folder, folded);
      // A small file is loaded in this thread, and a worker costs as much as ten loads.
      await using host = await createHost({ plugins, firstConnection: "small_lane" });
      await Deno.writeTextFile(join(folder, "rows.ndjson"), '{"id":1}\n{"id":2}\n');
      const source = ndjson(join(folder, "rows.ndjson"));
      const honest = await host.createBackend("libsql", { url: `libsql:${others}` });
      for (const attack of folded) {
        await t.step(attack.name, async () => {
          const config = { url: `libsql:${join(folder, `${attack.type}.db`)}` };
          await withinBudget(() => suffer(host, attack, { config, source }));
          // What never ran is in nobody's way.
          if (attack.stopped !== "folder") await othersWork(host, honest, { source, file: others });
        });
      }
      await othersWork(host, honest, { source, file: others });
      await honest.close();
    }));
}

/** A module in a folder with others: its backend has a name of its own. */
interface Folded extends ModuleCase {
  readonly type: string;
  readonly file: string;
}

function inFolder(attack: ModuleCase, number: number): Folded {
  // As long as the name of the sample, so that the module is as valid as before.
  const type = `s${String(number).padStart(5, "0")}`;
  const name = attack.name.replaceAll(" ", "_");
  return {
    ...attack,
    type,
    file: `${name}.wasm`,
    bytes: attack.stopped === "folder" ? attack.bytes : () => renamed(attack.bytes(), type),
  };
}

/** A plugin that says another name wherever it says that of the sample. */
function renamed(bytes: Uint8Array, type: string): Uint8Array<ArrayBuffer> {
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const text = latin1.replaceAll('"sample"', `"${type}"`);
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** A folder of plugins with these, and an honest one. */
async function pluginsWith(folder: string, modules: readonly Folded[]): Promise<string> {
  const plugins = join(folder, "plugins");
  await Deno.mkdir(plugins);
  await Deno.copyFile(join(PLUGINS, "libsql.wasm"), join(plugins, "libsql.wasm"));
  for (const { file, bytes } of modules) await Deno.writeFile(join(plugins, file), bytes());
  return plugins;
}

async function suffer(
  host: Host,
  attack: Folded,
  { config, source }: { readonly config: { readonly url: string }; readonly source: Source },
): Promise<void> {
  const { stopped, code, refused, type, file } = attack;
  const says = refused[stoppingLayer(attack)]!;
  const listed = host.discoverAvailableBackends();
  if (stopped === "folder") {
    const found = listed.find(({ plugin }) => plugin?.file.endsWith(`/${file}`));
    assertEquals(found?.status, "refused");
    assertStringIncludes(found?.reason ?? "it is let in", says);
    const error = await assertRejects(
      () => host.registerPlugin(attack.bytes(), { file }),
      LoadError,
    );
    assertEquals([error.code, error.blame], [code, "plugin"]);
    return;
  }
  const found = listed.find((backend) => backend.type === type);
  assertEquals(found?.status, "available", found?.reason);
  const creating = host.createBackend(type, config);
  if (stopped === "connect") return await rejects(creating, { code, says });
  const backend = await creating;
  try {
    if (stopped === "health") {
      const { status, detail = "" } = await backend.healthCheck();
      assertEquals(status, "unhealthy");
      return assertStringIncludes(detail, says);
    }
    const loading = host.load(source, backend, { table: "t" });
    if (stopped === "load") return await rejects(loading, { code, says });
    assertEquals((await loading).committed, 2);
  } finally {
    await backend.close();
  }
}

async function rejects(
  promise: Promise<unknown>,
  { code, says }: { readonly code: ModuleCase["code"] | undefined; readonly says: string },
): Promise<void> {
  const error = await assertRejects(() => promise, LoadError);
  assertEquals([error.code, error.blame], [code, "plugin"], error.message);
  assertStringIncludes(error.message, says);
}

/** A database for each that comes so far; and the file that the honest plugin loads into. */
async function createTables(folder: string, modules: readonly Folded[]): Promise<string> {
  const others = join(folder, "others.db");
  using database = new DatabaseSync(others);
  database.exec("CREATE TABLE t (id INTEGER NOT NULL)");
  for (const { stopped, type } of modules) {
    if (stopped !== "folder") await Deno.copyFile(others, join(folder, `${type}.db`));
  }
  return others;
}

/** An honest plugin beside the hostile ones loads, and what it loads can be read back. */
async function othersWork(
  host: Host,
  backend: DatabaseBackend,
  { source, file }: { readonly source: Source; readonly file: string },
): Promise<void> {
  const count = () => {
    using database = new DatabaseSync(file);
    return Number(database.prepare("SELECT count(*) AS found FROM t").get()!.found);
  };
  const before = count();
  const report = await host.load(source, backend, { table: "t", fresh: true });
  assertEquals([report.committed, count()], [2, before + 2]);
}
