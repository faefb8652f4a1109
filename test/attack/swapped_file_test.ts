/** Files that change under the host: what was read and hashed is what runs, and a link leads nowhere. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { createHost, LoadError, rows } from "../../mod.ts";
import { buildCodec } from "../../tools/build_codec.ts";
import { readPlainFile, UnreadableFile } from "../../host/platform/plain_file.ts";
import { withFolder } from "../support/target.ts";
import { pluginThat, pluginThatDoes } from "./module_attack.ts";

const HONEST = pluginThat({});
const HOSTILE = pluginThatDoes("(unreachable)");

await buildCodec();

/** A folder of plugins with one honest file in it. */
async function withPlugins(
  act: (
    place: { readonly plugins: string; readonly file: string; readonly url: string },
  ) => Promise<
    void
  >,
): Promise<void> {
  await withFolder(async (folder) => {
    const plugins = join(folder, "plugins");
    await Deno.mkdir(plugins);
    const file = join(plugins, "sample.wasm");
    await Deno.writeFile(file, HONEST);
    const target = join(folder, "target.db");
    const database = new DatabaseSync(target);
    database.exec("CREATE TABLE t (id INTEGER); CREATE TABLE u (id INTEGER)");
    database.close();
    await act({ plugins, file, url: `libsql:${target}` });
  });
}

Deno.test("file that is swapped once it was read does not run, and is refused by the next host", () =>
  withPlugins(async ({ plugins, file, url }) => {
    await using host = await createHost({ plugins });
    const [listed] = host.discoverAvailableBackends();
    await Deno.writeFile(file, HOSTILE);
    const backend = await host.createBackend("sample", { url });
    const report = await host.load(rows([{ id: 1 }]), backend, { table: "t" });
    assertEquals([report.committed, report.plugin?.sha256], [1, listed!.plugin!.sha256]);
    await using next = await createHost({ plugins });
    const [refused] = next.discoverAvailableBackends();
    assertEquals(refused!.status, "refused");
    assertStringIncludes(refused!.reason!, "it is not the file that plugins.lock knows");
    // The first one is as well as before, also for a plan that it has yet to make.
    assertEquals((await host.load(rows([{ id: 2 }]), backend, { table: "u" })).committed, 1);
  }));

Deno.test("file that is swapped while a load runs has no part in it", () =>
  withPlugins(async ({ plugins, file, url }) => {
    await using host = await createHost({ plugins });
    const backend = await host.createBackend("sample", { url });
    const source = async function* () {
      yield { id: 1 };
      await Deno.remove(file);
      await Deno.writeFile(file, HOSTILE);
      for (let id = 2; id <= 500; id++) yield { id };
    };
    const report = await host.load(rows(source()), backend, { table: "t", batchRowsMax: 10 });
    assertEquals(report.committed, 500);
    assert(report.batches >= 50, `${report.batches} batches`);
  }));

Deno.test("link that comes in a plugin's place is not followed", () =>
  withPlugins(async ({ plugins, file }) => {
    await using first = await createHost({ plugins });
    assertEquals(first.discoverAvailableBackends()[0]!.status, "available");
    await Deno.rename(file, join(plugins, "elsewhere"));
    await Deno.symlink(join(plugins, "elsewhere"), file);
    await using host = await createHost({ plugins });
    const [refused] = host.discoverAvailableBackends();
    assertEquals(refused!.status, "refused");
    assertStringIncludes(refused!.reason!, "it is no plain file");
    const again = () => host.registerPlugin(file);
    assertEquals((await assertRejects(again, LoadError)).code, "plugin_unreadable");
  }));

Deno.test("link that comes and goes as the file is read is never read through", () =>
  withFolder(async (folder) => {
    const [file, plain, secret] = ["file", "plain", "secret"].map((name) => join(folder, name));
    await Deno.writeTextFile(plain!, "plain");
    await Deno.writeTextFile(secret!, "a secret");
    let done = false;
    const swapping = (async () => {
      const next = join(folder, "next");
      while (!done) {
        await Deno.symlink(secret!, next);
        await Deno.rename(next, file!);
        await Deno.copyFile(plain!, next);
        await Deno.rename(next, file!);
      }
    })();
    await Deno.copyFile(plain!, file!).catch(() => {});
    const seen = { plain: 0, refused: 0 };
    try {
      // Both must have been met, or nothing was shown.
      for (let i = 0; i < 2_000 || (i < 50_000 && !(seen.plain && seen.refused)); i++) {
        if (await readOnce(file!)) seen.plain++;
        else seen.refused++;
      }
    } finally {
      done = true;
      await swapping;
    }
    assert(seen.plain > 0 && seen.refused > 0, JSON.stringify(seen));
  }));

/** Whether it was read; false where it was seen that it is not what it should be. */
async function readOnce(file: string): Promise<boolean> {
  try {
    assertEquals(new TextDecoder().decode(await readPlainFile(file, 100)), "plain");
    return true;
  } catch (error) {
    if (error instanceof UnreadableFile) return false;
    throw error;
  }
}
