/**
 * Hostile modules, through the door that every plugin takes: the folder. Whatever is in one, it is
 * stopped for a reason that is told, in time, and the other backends work.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { createHost, type Host, LoadError, rows } from "../../mod.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";
import { buildCodec } from "../../tools/build_codec.ts";
import { PLUGINS, withFolder } from "../support/target.ts";
import { withinBudget } from "./attack_budget.ts";
import type { ModuleAttack } from "./module_attack.ts";

const ATTACKS = fromFileUrl(new URL("./module", import.meta.url));

await buildPlugins();
await buildCodec();
const honest = await Deno.readFile(join(PLUGINS, "libsql.wasm"));

const names = [...Deno.readDirSync(ATTACKS)].map(({ name }) => name.replace(/\.ts$/, "")).sort();
const attacks = new Map<string, ModuleAttack>();
for (const name of names) {
  const { attack } = await import(`./module/${name}.ts`) as { attack: ModuleAttack };
  attacks.set(name, attack);
  Deno.test(`hostile module: ${name.replaceAll("_", " ")}`, () =>
    withFolder(async (folder) => {
      const plugins = await pluginsWith(folder, { [name]: attack });
      const file = join(folder, "target.db");
      createTable(file);
      await using host = await withinBudget(async () => {
        const host = await createHost({ plugins });
        await suffer(host, attack, { name, url: `libsql:${file}` });
        return host;
      });
      // What never ran is in nobody's way: below, all of them at once are.
      if (attack.stopped !== "folder") await othersWork(host, join(folder, "other.db"));
      else assertEquals(statusOf(host, "libsql"), "available");
    }));
}

Deno.test("hostile modules that are refused, all at once, leave the others to work", () =>
  withFolder(async (folder) => {
    const refused = [...attacks].filter(([, { stopped }]) => stopped === "folder");
    const plugins = await pluginsWith(folder, Object.fromEntries(refused));
    await using host = await createHost({ plugins });
    const listed = host.discoverAvailableBackends();
    assertEquals(listed.filter(({ status }) => status === "refused").length, refused.length);
    await othersWork(host, join(folder, "other.db"));
  }));

Deno.test("hostile modules: there are many of them", () => {
  assert(names.length >= 180, `${names.length}`);
});

/** A folder of plugins with these, and an honest one. */
async function pluginsWith(
  folder: string,
  modules: Readonly<Record<string, ModuleAttack>>,
): Promise<string> {
  const plugins = join(folder, "plugins");
  await Deno.mkdir(plugins);
  await Deno.writeFile(join(plugins, "libsql.wasm"), honest);
  for (const [name, attack] of Object.entries(modules)) {
    await Deno.writeFile(join(plugins, `${name}.wasm`), attack.bytes());
  }
  return plugins;
}

function statusOf(host: Host, type: string): string | undefined {
  return host.discoverAvailableBackends().find((backend) => backend.type === type)?.status;
}

async function suffer(
  host: Host,
  attack: ModuleAttack,
  { name, url }: { readonly name: string; readonly url: string },
): Promise<void> {
  const { stopped, code, says = "" } = attack;
  if (stopped === "folder") {
    const refused = host.discoverAvailableBackends().find((b) => b.status === "refused");
    assertStringIncludes(refused?.reason ?? "it is let in", says);
    const again = () => host.registerPlugin(attack.bytes(), { file: name });
    const error = await assertRejects(again, LoadError);
    assertEquals([error.code, error.blame], [code, "plugin"]);
    return;
  }
  const listed = host.discoverAvailableBackends().find((b) => b.type === "sample");
  assertEquals(listed?.status, "available", listed?.reason);
  const creating = host.createBackend("sample", { url });
  if (stopped === "connect") return await rejects(creating, attack);
  const backend = await creating;
  if (stopped === "health") {
    const { status, detail = "" } = await backend.healthCheck();
    assertEquals(status, "unhealthy");
    return assertStringIncludes(detail, says);
  }
  const loading = host.load(rows([{ id: 1 }, { id: 2 }]), backend, { table: "t" });
  if (stopped === "load") return await rejects(loading, attack);
  assertEquals((await loading).committed, 2);
}

async function rejects(
  promise: Promise<unknown>,
  { code, says = "" }: ModuleAttack,
): Promise<void> {
  const error = await assertRejects(() => promise, LoadError);
  assertEquals([error.code, error.blame], [code, "plugin"], error.message);
  assertStringIncludes(error.message, says);
}

function createTable(file: string): void {
  const database = new DatabaseSync(file);
  database.exec("CREATE TABLE t (id INTEGER NOT NULL)");
  database.close();
}

/** An honest plugin beside the hostile one loads, and what it loads can be read back. */
async function othersWork(host: Host, file: string): Promise<void> {
  const backend = await host.createBackend("libsql", { url: `libsql:${file}` });
  const report = await host.load(rows([{ id: 7, text: "seven" }]), backend, { table: "t" });
  assertEquals(report.committed, 1);
  await backend.close();
  const database = new DatabaseSync(file);
  try {
    assertEquals({ ...database.prepare("SELECT id, text FROM t").get() }, { id: 7, text: "seven" });
  } finally {
    database.close();
  }
}
