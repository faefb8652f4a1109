/** A plugin that claims what belongs to another: its backend's type, its URL schemes. */
import { DatabaseSync } from "node:sqlite";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { createHost, type Host, LoadError, rows } from "../../mod.ts";
import { buildCodec } from "../../tools/build_codec.ts";
import { withFolder } from "../support/target.ts";
import { MANIFEST } from "../support/wasm_text.ts";
import { pluginThat } from "./module_attack.ts";

await buildCodec();

/** A folder with a plugin called `sample.wasm` that a host has seen before. */
function withKnownPlugin(act: (plugins: string, folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const plugins = join(folder, "plugins");
    await Deno.mkdir(plugins);
    await Deno.writeFile(join(plugins, "sample.wasm"), pluginThat({}));
    await (await createHost({ plugins })).close();
    using database = new DatabaseSync(join(folder, "t.db"));
    database.exec("CREATE TABLE t (id INTEGER)");
    await act(plugins, folder);
  });
}

async function loadRow(host: Host, folder: string): Promise<number> {
  const type = host.typeOfScheme("sample");
  const backend = await host.createBackend(type, { url: `libsql:${join(folder, "t.db")}` });
  const report = await host.load(rows([{ id: 1 }]), backend, { table: "t", fresh: true });
  return report.committed;
}

async function recorded(plugins: string): Promise<string[]> {
  return Object.keys(JSON.parse(await Deno.readTextFile(join(plugins, "plugins.lock"))).plugins);
}

for (
  const [what, claim, says] of [
    ["the type", { schemes: ["another"] }, "is registered already"],
    ["the scheme", { backend: "another" }, "URL scheme is taken"],
    ["type and scheme", {}, "is registered already"],
  ] as const
) {
  Deno.test(`newcomer that claims ${what} of a known plugin is refused, each time, and the known one works`, () =>
    withKnownPlugin(async (plugins, folder) => {
      // Its name comes first.
      const file = join(plugins, "a.wasm");
      await Deno.writeFile(file, pluginThat({ manifest: { ...MANIFEST, ...claim } }));
      for (let i = 0; i < 2; i++) {
        await using host = await createHost({ plugins });
        const found = host.discoverAvailableBackends();
        assertEquals(found.map(({ status }) => status), ["available", "refused"]);
        assertEquals(found[1]!.plugin!.file, file);
        assertStringIncludes(found[1]!.reason!, says);
        assertEquals(await loadRow(host, folder), 1);
        assertEquals(await recorded(plugins), ["sample.wasm"]);
      }
    }));
}

Deno.test("newcomers that claim the same can neither be used by it, nor are they recorded", () =>
  withKnownPlugin(async (plugins, folder) => {
    const manifest = { ...MANIFEST, backend: "claimed", schemes: ["claimed"] };
    await Deno.writeFile(join(plugins, "a.wasm"), pluginThat({ manifest }));
    await Deno.writeFile(join(plugins, "b.wasm"), pluginThat({ manifest }));
    for (let i = 0; i < 2; i++) {
      await using host = await createHost({ plugins });
      const byType: LoadError = await assertRejects(
        () => host.createBackend("claimed", { url: "libsql:x.db" }),
        LoadError,
      );
      const byScheme = assertThrows(() => host.typeOfScheme("claimed"), LoadError);
      for (const { message } of [byType, byScheme]) {
        assertStringIncludes(message, "Several plugins answer to claimed");
        assertStringIncludes(message, "a.wasm");
        assertStringIncludes(message, "b.wasm");
      }
      assertEquals(await loadRow(host, folder), 1);
      assertEquals(await recorded(plugins), ["sample.wasm"]);
    }
    await Deno.remove(join(plugins, "b.wasm"));
    await using host = await createHost({ plugins });
    assertEquals(host.typeOfScheme("claimed"), "claimed");
    assertEquals(await recorded(plugins), ["a.wasm", "sample.wasm"]);
  }));
