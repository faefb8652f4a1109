/**
 * A host that wants one backend of a folder reads that plugin alone, and only where lock and kept
 * answers leave no doubt which one it is; else it hears of every plugin, as without that.
 */
import { assertEquals } from "@std/assert";
import { basename, fromFileUrl, join } from "@std/path";
import type { BackendInfo } from "../../../src/model/backend.ts";
import { createHost, type HostOptions } from "../../../host/host.ts";
import { buildPlugins } from "../../../tools/build_plugins.ts";

const BUILT = fromFileUrl(new URL("../../../plugins/dist/", import.meta.url));
/** The plugin that is wanted. */
const OURS = "libsql.wasm";

/** The package's own plugins, all known and described; made once, as a program asks each only once. */
let described: Promise<string> | undefined;

async function describe(): Promise<string> {
  await buildPlugins();
  const folder = await Deno.makeTempDir();
  for await (const { name } of Deno.readDir(BUILT)) {
    if (name.endsWith(".wasm")) await Deno.copyFile(join(BUILT, name), join(folder, name));
  }
  await seen(folder);
  return folder;
}

/** A folder with a copy of them. */
async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const from = await (described ??= describe());
  const folder = await Deno.makeTempDir();
  try {
    for await (const { name } of Deno.readDir(from)) {
      await Deno.copyFile(join(from, name), join(folder, name));
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test.afterAll(async () => {
  if (described) await Deno.remove(await described, { recursive: true });
});

/** What a host knows once it is made. */
async function seen(plugins: string, options: HostOptions = {}): Promise<readonly BackendInfo[]> {
  const host = await createHost({ ...options, plugins });
  try {
    return host.discoverAvailableBackends();
  } finally {
    await host.close();
  }
}

function typesOf(infos: readonly BackendInfo[]): string[] {
  return infos.map(({ type, status }) => status === "available" ? type : `${type} ${status}`)
    .sort();
}

const WANTED = { scheme: "libsql" } as const;

/** Another plugin of the folder: its file, its type, its first scheme. */
async function another(folder: string): Promise<{ file: string; type: string; scheme: string }> {
  const { plugin, type, schemes } = (await seen(folder)).find(({ type }) => type !== "libsql")!;
  return { file: basename(plugin!.file), type, scheme: schemes[0]! };
}

async function pluginFiles(folder: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return names.filter((name) => name.endsWith(".wasm")).sort();
}

Deno.test("host that wants one backend reads its plugin alone, by type or by scheme", () =>
  withFolder(async (folder) => {
    const others = (await pluginFiles(folder)).filter((file) => file !== OURS);
    // What is not read can be anything.
    for (const file of others) await Deno.writeTextFile(join(folder, file), "no module");
    assertEquals(typesOf(await seen(folder, { wanted: WANTED })), ["libsql"]);
    assertEquals(typesOf(await seen(folder, { wanted: { type: "libsql" } })), ["libsql"]);
    assertEquals(
      (await seen(folder)).filter(({ status }) => status === "refused").length,
      others.length,
    );
  }));

Deno.test("host that wants one backend refuses its plugin for what every host refuses it for", async (t) => {
  const cases: Record<string, (folder: string) => Promise<HostOptions | void>> = {
    "a changed file": async (folder) =>
      await Deno.copyFile(join(folder, (await another(folder)).file), join(folder, OURS)),
    "a link": async (folder) => {
      await Deno.rename(join(folder, OURS), join(folder, "elsewhere"));
      await Deno.symlink(join(folder, "elsewhere"), join(folder, OURS));
    },
    "no signature": () => Promise.resolve({ trustedKeys: [btoa("k".repeat(32))] }),
    "too many faults": (folder) =>
      editLock(folder, (plugins) => {
        plugins[OURS]!.faults = { count: 1_000, last: "it did not come to an end" };
      }),
  };
  for (const [name, change] of Object.entries(cases)) {
    await t.step(name, () =>
      withFolder(async (folder) => {
        const options = await change(folder) ?? {};
        const without = await seen(folder, options);
        assertEquals(without.some((info) => info.status !== "available"), true);
        assertEquals(await seen(folder, { ...options, wanted: WANTED }), without);
      }));
  }
});

Deno.test("host that wants one backend hears of all where it is not certain which one it is", async (t) => {
  const cases: Record<string, (folder: string) => Promise<HostOptions | void>> = {
    "nothing is kept": (folder) => Deno.remove(join(folder, "plugins.kept")),
    "one has not said who it is": async (folder) => {
      const { type } = await another(folder);
      await editKept(folder, (lines) => lines.filter((line) => !line.includes(backendOf(type))));
    },
    "what is kept is cut": (folder) =>
      editKept(folder, (lines) => lines.map((line) => line.slice(0, 100))),
    "another claims its scheme": async (folder) => {
      const { scheme } = await another(folder);
      await editKept(
        folder,
        (lines) =>
          lines.map((line) =>
            line.replace(`"schemes":["${scheme}"`, `"schemes":["libsql","${scheme}"`)
          ),
      );
    },
    "another claims its type": async (folder) => {
      const { type } = await another(folder);
      await editKept(
        folder,
        (lines) => lines.map((line) => line.replace(backendOf(type), backendOf("libsql"))),
      );
    },
    "nothing answers to it": () => Promise.resolve({ wanted: { scheme: "nothing" } }),
    "grants have changed": async (folder) => {
      const { file } = await another(folder);
      await editLock(folder, (plugins) => plugins[file]!.grants.push("batch_column_name"));
    },
  };
  for (const [name, change] of Object.entries(cases)) {
    await t.step(name, () =>
      withFolder(async (folder) => {
        const options = { wanted: WANTED, ...await change(folder) ?? {} };
        const files = await pluginFiles(folder);
        assertEquals((await seen(folder, options)).length, files.length);
      }));
  }
});

Deno.test("host that wants one backend records a file that is new, as every host does", () =>
  withFolder(async (folder) => {
    const all = typesOf(await seen(folder));
    const { file } = await another(folder);
    await editLock(folder, (plugins) => delete plugins[file]);
    assertEquals(typesOf(await seen(folder, { wanted: WANTED })), all);
    const lock = JSON.parse(await Deno.readTextFile(join(folder, "plugins.lock")));
    assertEquals(Object.keys(lock.plugins).sort(), await pluginFiles(folder));
  }));

function backendOf(type: string): string {
  return `"backend":"${type}"`;
}

type Locked = Record<string, { faults?: unknown; grants: string[] }>;

async function editLock(folder: string, edit: (plugins: Locked) => unknown): Promise<void> {
  const file = join(folder, "plugins.lock");
  const lock = JSON.parse(await Deno.readTextFile(file)) as { plugins: Locked };
  edit(lock.plugins);
  await Deno.writeTextFile(file, JSON.stringify(lock));
}

async function editKept(folder: string, edit: (lines: string[]) => string[]): Promise<void> {
  const file = join(folder, "plugins.kept");
  const lines = (await Deno.readTextFile(file)).split("\n").filter((line) => line !== "");
  await Deno.writeTextFile(file, edit(lines).map((line) => `${line}\n`).join(""));
}
