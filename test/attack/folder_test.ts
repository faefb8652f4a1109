/** What else can lie in a folder of plugins: links, pipes and folders, by the names that the host reads. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createHost, type HostOptions, LoadError, rows } from "../../mod.ts";
import { buildCodec } from "../../tools/build_codec.ts";
import { KEPT_FILE } from "../../host/platform/kept_answers.ts";
import { LOCK_FILE } from "../../host/plugins/store/plugin_lock.ts";
import { makePipe } from "../support/named_pipe.ts";
import { PLUGINS, withFolder } from "../support/target.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";

await buildPlugins();
await buildCodec();

interface Place {
  readonly plugins: string;
  /** A file outside of the folder of plugins. */
  readonly outside: string;
  /** Loads a row through a host of its own. */
  readonly load: (options?: HostOptions) => Promise<number>;
}

const SECRET = "nothing of yours";

/** A folder with the plugin for libSQL, a file beside it, and a database. */
function withPlace(act: (place: Place) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const plugins = join(folder, "plugins");
    const outside = join(folder, "outside");
    await Deno.mkdir(plugins);
    await Deno.copyFile(join(PLUGINS, "libsql.wasm"), join(plugins, "libsql.wasm"));
    await Deno.writeTextFile(outside, SECRET);
    const load = async (options: HostOptions = {}) => {
      await using host = await createHost({ plugins, ...options });
      const config = { url: `libsql:${join(folder, "t.db")}` };
      const backend = await host.createBackend("libsql", config);
      return (await host.load(rows([{ id: 1 }]), backend, { table: "t" })).committed;
    };
    await act({ plugins, outside, load });
  });
}

async function pipe(file: string): Promise<void> {
  await makePipe(file);
}

Deno.test("folder of plugins: kept answers that are a link lead nowhere", () =>
  withPlace(async ({ plugins, outside, load }) => {
    await Deno.symlink(outside, join(plugins, KEPT_FILE));
    assertEquals(await load(), 1);
    assertEquals(await Deno.readTextFile(outside), SECRET);
    assertEquals(await Deno.readLink(join(plugins, KEPT_FILE)), outside);
  }));

for (const name of [KEPT_FILE, "pipe.wasm"]) {
  Deno.test(`folder of plugins: nobody waits for the pipe ${name}`, () =>
    withPlace(async ({ plugins, load }) => {
      await pipe(join(plugins, name));
      assertEquals(await load(), 1);
    }));
}

Deno.test("folder of plugins: kept answers that are no such thing are asked for again", () =>
  withPlace(async ({ plugins, load }) => {
    await Deno.mkdir(join(plugins, KEPT_FILE));
    assertEquals(await load(), 1);
    await Deno.remove(join(plugins, KEPT_FILE));
    for (
      const foreign of [new Uint8Array(2_000_000).fill(200), new TextEncoder().encode("mine\n")]
    ) {
      await Deno.writeFile(join(plugins, KEPT_FILE), foreign);
      assertEquals(await load(), 1);
      assertEquals((await Deno.readFile(join(plugins, KEPT_FILE))).length, foreign.length);
    }
  }));

Deno.test("folder of plugins: a lock that is no plain file is an error that says so", () =>
  withPlace(async ({ plugins, outside, load }) => {
    const lock = join(plugins, LOCK_FILE);
    for (
      const make of [() => Deno.symlink(outside, lock), () => pipe(lock), () => Deno.mkdir(lock)]
    ) {
      await make();
      const error: LoadError = await assertRejects(() => load(), LoadError);
      assertEquals(error.code, "config_invalid");
      assertStringIncludes(error.message, "it is no plain file");
      await Deno.remove(lock);
    }
    assertEquals(await Deno.readTextFile(outside), SECRET);
  }));

Deno.test("folder of plugins: a signature that is no plain file signs nothing", () =>
  withPlace(async ({ plugins, outside }) => {
    const trustedKeys = [new Uint8Array(32).fill(9).toBase64()];
    const signature = join(plugins, "libsql.wasm.sig");
    for (
      const make of [
        () => Deno.symlink(outside, signature),
        () => pipe(signature),
        () => Deno.mkdir(signature),
      ]
    ) {
      await make();
      await using host = await createHost({ plugins, trustedKeys });
      const [listed] = host.discoverAvailableBackends();
      assertEquals(listed!.status, "refused");
      assertStringIncludes(listed!.reason!, "it is no plain file");
      await Deno.remove(signature);
    }
  }));
