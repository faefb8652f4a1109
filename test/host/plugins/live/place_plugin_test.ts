/** Plugins that a host puts into the folder that it watches, and takes out, while loads run. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createHost, LoadError, rows } from "../../../../mod.ts";
import { sha256 } from "../../../../host/platform/sha256.ts";
import { grant } from "../../../../host/plugins/store/admission.ts";
import { readPluginLock } from "../../../../host/plugins/store/plugin_lock.ts";
import { contents } from "../../../attack/install_place.ts";
import { pluginThat } from "../../../attack/module_attack.ts";
import { FIRST, saying, SECOND, stateOf, withWatched } from "../../../attack/upload_place.ts";
import { TRUSTED } from "../../../support/signer.ts";
import { builtLibrary } from "../../../support/built.ts";
import { variantOf, withText } from "../../../support/plugin_variant.ts";
import { PLUGINS } from "../../../support/target.ts";
import { MANIFEST } from "../../../support/wasm_text.ts";

await builtLibrary();
const LIBSQL = await Deno.readFile(join(PLUGINS, "libsql.wasm"));

async function refusal(act: () => Promise<unknown>): Promise<string | undefined> {
  return (await assertRejects(act, LoadError)).reason;
}

Deno.test("place adds a plugin that is in use at once, and leaves it as it is the second time", () =>
  withWatched(async (place) => {
    const { host, watched, folder, file } = place;
    const added = await watched.place("sample.wasm", FIRST);
    assertEquals(
      [added.state, added.backend.type, added.backend.status, added.grants, added.asked],
      ["added", "sample", "available", [], 0],
    );
    assertEquals(host.typeOfScheme("sample"), "sample");
    assertEquals(Object.keys(await contents(folder)).sort().slice(-2), [
      "plugins.lock",
      "sample.wasm",
    ]);
    const before = [await stateOf(place), (await Deno.stat(file("sample.wasm"))).ino];
    const again = await watched.place("sample.wasm", FIRST);
    assertEquals([again.state, again.backend], ["unchanged", added.backend]);
    assertEquals([await stateOf(place), (await Deno.stat(file("sample.wasm"))).ino], before);
  }, { files: {} }));

Deno.test("place asks for the plans in use, shows which are other, and what runs ends as it began", () =>
  withWatched(async ({ host, watched, outside }) => {
    const config = { url: `libsql:${outside}/t.db` };
    const backend = await host.createBackend("libsql", config);
    await host.load(rows([{ id: 1 }]), backend, { table: "t" });
    const next = withText(LIBSQL, "INSERT INTO", "INSERT into");
    const over = backend.plugin!.sha256;
    const replaced = await watched.place("libsql.wasm", next, { over });
    assertEquals([replaced.state, replaced.asked, replaced.plans.length], ["replaced", 1, 1]);
    assertEquals(replaced.before?.plugin?.sha256, over);
    assertEquals(replaced.plans[0]!.question, "append into t with id int64");
    assertStringIncludes(replaced.plans[0]!.come.join(), "INSERT into");
    const second = await host.load(rows([{ id: 2 }]), backend, { table: "t" });
    assertEquals(second.plugin?.sha256, over);
    const after = await host.createBackend("libsql", config);
    const third = await host.load(rows([{ id: 3 }]), after, { table: "t" });
    assertEquals([third.committed, third.plugin?.sha256], [1, await sha256(next.slice())]);
  }, { files: { "libsql.wasm": LIBSQL } }));

Deno.test("place refuses what plans something else than it may, and nobody remembers it", () =>
  withWatched(async (place) => {
    const { host, watched, outside } = place;
    const backend = await host.createBackend("libsql", { url: `libsql:${outside}/t.db` });
    await host.load(rows([{ id: 1 }]), backend, { table: "t" });
    const untouched = await stateOf(place);
    const evil = withText(LIBSQL, "CREATE TABLE", "DELETE TABLE");
    const over = backend.plugin!.sha256;
    for (let i = 0; i < 4; i++) {
      assertEquals(
        await refusal(() => watched.place("libsql.wasm", evil, { over })),
        "plan_refused",
      );
    }
    assertEquals(await stateOf(place), untouched);
    assertEquals((await host.load(rows([{ id: 2 }]), backend, { table: "t" })).committed, 1);
  }, { files: { "libsql.wasm": LIBSQL } }));

Deno.test("place keeps nothing of what plugins have answered that are refused", () =>
  withWatched(async ({ host, folder, outside }) => {
    const config = { url: `libsql:${outside}/t.db` };
    const backend = await host.createBackend("libsql", config);
    await host.load(rows([{ id: 1 }]), backend, { table: "t" });
    await host.close();
    const kept = () => Deno.readTextFile(join(folder, "plugins.kept"));
    const before = await kept();
    const again = await createHost({ plugins: folder });
    const other = await again.watchPlugins();
    await again.load(rows([{ id: 2 }]), await again.createBackend("libsql", config), {
      table: "t",
    });
    const evil = withText(LIBSQL, "CREATE TABLE", "DELETE TABLE");
    const over = backend.plugin!.sha256;
    const refused = () => other.place("libsql.wasm", evil, { over });
    assertEquals(await refusal(refused), "plan_refused");
    await again.close();
    assertEquals(await kept(), before);
  }, { files: { "libsql.wasm": LIBSQL } }));

Deno.test("place by the hash of what is to go takes any version of it, and needs a higher one without", () =>
  withWatched(async ({ watched }) => {
    const other = variantOf(FIRST, "another build");
    assertEquals(await refusal(() => watched.place("sample.wasm", other)), "version_reused");
    const over = await sha256(FIRST.slice());
    assertEquals((await watched.place("sample.wasm", other, { over })).state, "replaced");
    assertEquals(
      await refusal(() => watched.place("sample.wasm", FIRST, { over })),
      "target_changed",
    );
    assertEquals((await watched.place("sample.wasm", other, { over })).state, "unchanged");
    assertEquals((await watched.place("sample.wasm", SECOND)).state, "replaced");
  }));

Deno.test("place grants what is named, keeps what the version before had, and no more", () =>
  withWatched(async ({ host, watched, folder, file }) => {
    const asking = (version: string, types: string[]) =>
      pluginThat({
        capabilities: ["batch_column_name"],
        manifest: { ...MANIFEST, version, words: { types } },
      });
    const grantsOf = async () => (await readPluginLock(folder)).get("sample.wasm")?.grants;
    const first = asking("1.0.0", ["f32_blob(#9)", "gone"]);
    const added = await watched.place("sample.wasm", first, { grants: ["batch_column_name"] });
    assertEquals(added.grants, ["batch_column_name"]);
    assertEquals(added.asks, ["type:f32_blob", "type:gone"]);
    assertEquals(added.backend.plugin?.grants, ["batch_column_name"]);
    await grant(file("sample.wasm"), ["type:gone"]);
    const next = asking("1.1.0", ["f32_blob(#9)", "come"]);
    const replaced = await watched.place("sample.wasm", next, { grants: ["type:f32_blob"] });
    assertEquals(replaced.grants, ["batch_column_name", "type:f32_blob"]);
    assertEquals(replaced.asks, ["type:come"]);
    assertEquals(await grantsOf(), ["batch_column_name", "type:f32_blob"]);
    // The same file with more is a change; with nothing, it keeps what it has.
    const more = await watched.place("sample.wasm", next, { grants: ["type:come"] });
    assertEquals(more.grants, ["batch_column_name", "type:come", "type:f32_blob"]);
    assertEquals(host.discoverAvailableBackends()[0]!.plugin?.grants, await grantsOf());
    assertEquals((await watched.place("sample.wasm", next)).state, "unchanged");
    assertEquals((await grantsOf())?.length, 3);
  }, { files: {} }));

Deno.test("place puts a signature beside the file, and a host that trusts its key takes it", () =>
  withWatched(async ({ host, watched, file }) => {
    const signature = await TRUSTED.sign(FIRST);
    await watched.place("sample.wasm", FIRST, { signature });
    assertEquals((await Deno.readTextFile(file("sample.wasm.sig"))).trim(), signature);
    await watched.place("sample.wasm", SECOND, { signature: await TRUSTED.sign(SECOND) });
    assertEquals(host.discoverAvailableBackends().map(({ version }) => version), ["1.3.0"]);
  }, { files: {}, trustedKeys: [TRUSTED.key] }));

Deno.test("place takes what a closed lock knows already, with what it grants", () =>
  withWatched(async ({ host, watched, file }) => {
    await watched.remove("sample.wasm");
    assertEquals(host.discoverAvailableBackends(), []);
    const back = await watched.place("sample.wasm", FIRST);
    assertEquals([back.state, back.backend.status], ["added", "available"]);
    assertEquals((await Deno.stat(file("sample.wasm"))).size, FIRST.length);
  }, {
    locked: true,
    prepare: (folder) => grant(join(folder, "sample.wasm"), []).then(() => {}),
  }));

Deno.test("remove takes a plugin out at once, with its signature; what is made of it works on", () =>
  withWatched(async ({ host, watched, folder, outside, file }) => {
    await Deno.writeTextFile(file("libsql.wasm.sig"), "a signature");
    const backend = await host.createBackend("libsql", { url: `libsql:${outside}/t.db` });
    const removed = await watched.remove("libsql.wasm");
    assertEquals([removed.file, removed.backend?.type], ["libsql.wasm", "libsql"]);
    assertEquals(host.discoverAvailableBackends().map(({ status }) => status), ["draining"]);
    assertEquals((await host.load(rows([{ id: 1 }]), backend, { table: "t" })).committed, 1);
    await backend.close();
    assertEquals(host.discoverAvailableBackends(), []);
    const { ["plugins.kept"]: _, ...left } = await contents(folder);
    assertEquals(Object.keys(left), ["plugins.lock"]);
    assert((await readPluginLock(folder)).has("libsql.wasm"), "its faults are not forgotten");
    for (
      const [name, reason] of [
        ...[["libsql.wasm", "target_missing"], ["none.wasm", "target_missing"]],
        ...[["plugins.lock", "name_unsafe"], ["../outside/t.db", "name_unsafe"]],
      ] as const
    ) assertEquals(await refusal(() => watched.remove(name)), reason, name);
  }, { files: { "libsql.wasm": LIBSQL } }));

Deno.test("remove takes no link and no folder", () =>
  withWatched(async ({ watched, outside, file }) => {
    await Deno.writeFile(join(outside, "victim.wasm"), FIRST);
    await Deno.symlink(join(outside, "victim.wasm"), file("link.wasm"));
    await Deno.mkdir(file("folder.wasm"));
    assertEquals(await refusal(() => watched.remove("link.wasm")), "target_no_file");
    assertEquals(await refusal(() => watched.remove("folder.wasm")), "target_no_file");
    assertEquals((await Deno.stat(join(outside, "victim.wasm"))).size, FIRST.length);
  }));

Deno.test("remove takes nothing out of a folder that is not to be changed, or cannot be", async () => {
  const isThere = async (file: string) => assertEquals((await Deno.stat(file)).size, FIRST.length);
  await withWatched(async ({ watched, file }) => {
    assertEquals(await refusal(() => watched.remove("sample.wasm")), "folder_unwritable");
    await isThere(file("sample.wasm"));
  }, { readOnly: true });
  const { remove } = Deno;
  await withWatched(async ({ watched, file }) => {
    Deno.remove = () => Promise.reject(Object.assign(new Error("read-only"), { code: "EROFS" }));
    try {
      assertEquals(await refusal(() => watched.remove("sample.wasm")), "folder_unwritable");
    } finally {
      Deno.remove = remove;
    }
    await isThere(file("sample.wasm"));
  });
});

Deno.test("place and remove at once come one after the other, each whole", () =>
  withWatched(async ({ host, watched, file, folder }) => {
    const versions = ["2.0.0", "3.0.0", "4.0.0", "5.0.0"];
    const place = (version: string) => watched.place("sample.wasm", saying({ version }));
    const others = ["a", "b", "c"].map((type) =>
      watched.place(`${type}.wasm`, saying({ backend: type, schemes: [type] }))
    );
    const outcomes = await Promise.allSettled(versions.map(place));
    assertEquals(outcomes.map(({ status }) => status), versions.map(() => "fulfilled"));
    await Promise.all(others);
    const types = () =>
      host.discoverAvailableBackends().map(({ type, version }) => `${type} ${version}`);
    assertEquals(types(), ["a 1.2.3", "b 1.2.3", "c 1.2.3", "sample 5.0.0"]);
    // The same name and type from two at once: one of them has it.
    const both = await Promise.allSettled(
      ["x", "y"].map((name) =>
        watched.place(`${name}.wasm`, saying({ backend: "both", schemes: ["both"] }))
      ),
    );
    assertEquals(both.map(({ status }) => status), ["fulfilled", "rejected"]);
    assertEquals(
      await Promise.allSettled([watched.remove("a.wasm"), watched.remove("a.wasm")])
        .then((both) => both.map(({ status }) => status)),
      ["fulfilled", "rejected"],
    );
    const lock = await readPluginLock(folder);
    for (const name of ["b.wasm", "c.wasm", "sample.wasm", "x.wasm"]) {
      assertEquals(lock.get(name)?.sha256, await sha256(await Deno.readFile(file(name))), name);
    }
  }));

Deno.test("place while somebody writes to the folder by hand: what is in use is what lies there", () =>
  withWatched(async ({ host, watched, file }) => {
    const scribbles = (async () => {
      for (let i = 0; i < 30; i++) {
        const type = `hand${i % 5}`;
        await Deno.writeFile(file(`${type}.wasm`), saying({ backend: type, schemes: [type] }));
        await new Promise((resolve) => setTimeout(resolve, 3));
        if (i % 3 === 0) await Deno.remove(file(`${type}.wasm`));
      }
    })();
    for (let minor = 3; minor < 13; minor++) {
      const { state, backend } = await watched.place(
        "sample.wasm",
        saying({ version: `1.${minor}.0` }),
      );
      assertEquals([state, backend.version], ["replaced", `1.${minor}.0`]);
    }
    await scribbles;
    const sample = host.discoverAvailableBackends().find(({ type }) => type === "sample");
    assertEquals(sample?.plugin?.sha256, await sha256(await Deno.readFile(file("sample.wasm"))));
  }));

Deno.test("place after the watch has ended is refused, and what waits for its turn is there, or it is not", () =>
  withWatched(async ({ watched, folder }) => {
    const placing = watched.place("other.wasm", saying({ backend: "other", schemes: ["other"] }));
    const outcome = await Promise.allSettled([placing, watched[Symbol.asyncDispose]()]);
    const late = await assertRejects(() => watched.place("sample.wasm", SECOND), LoadError);
    assertStringIncludes(late.message, "not watched any more");
    const isThere = Object.hasOwn(await contents(folder), "other.wasm");
    assertEquals(outcome[0]!.status === "fulfilled", isThere);
  }));
