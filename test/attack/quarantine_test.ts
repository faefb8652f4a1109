/** A plugin that keeps misbehaving is quarantined, until somebody trusts it again. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { createHost, type DatabaseBackend, type Host, LoadError, rows } from "../../mod.ts";
import type { RegistryEvent } from "../../mod.ts";
import { grant } from "../../host/plugins/store/admission.ts";
import { NO_GRANTS } from "../../src/plan_policy/grant.ts";
import { FAULTS_MAX } from "../../host/plugins/sandbox/fault_count.ts";
import { admitPlugin } from "../../host/plugins/sandbox/plugin.ts";
import { buildCodec } from "../../tools/build_codec.ts";
import { withFolder } from "../support/target.ts";
import { PLAN, pluginThat, pluginThatDoes } from "./module_attack.ts";

await buildCodec();

interface Setup {
  readonly host: Host;
  readonly backend: DatabaseBackend;
  readonly events: readonly RegistryEvent[];
  readonly audit: () => Promise<string>;
  /** Loads a row by the plugin's plan; each time into another table, of which it has no plan yet. */
  readonly load: () => Promise<LoadError>;
}

/** A host with one plugin of that file, and a backend of it. */
async function withPlugin(bytes: Uint8Array, act: (setup: Setup) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const plugins = join(folder, "plugins");
    await Deno.mkdir(plugins);
    await Deno.writeFile(join(plugins, "sample.wasm"), bytes);
    const audit = join(folder, "audit.ndjson");
    await using host = await createHost({ plugins, audit });
    const events: RegistryEvent[] = [];
    host.onRegistryChange((event) => events.push(event));
    const backend = await host.createBackend("sample", { url: `libsql:${join(folder, "t.db")}` });
    let tables = 0;
    const load = () => {
      const loading = () => host.load(rows([{ id: 1 }]), backend, { table: `t${tables++}` });
      return assertRejects(loading, LoadError) as Promise<LoadError>;
    };
    await act({ host, backend, events, load, audit: () => Deno.readTextFile(audit) });
  });
}

for (
  const [what, body, code] of [
    ["traps", "(unreachable)", "plugin_failed"],
    ["oversteps its bounds", "(call $sql_prepare (i64.const -1))", "plugin_violation"],
    ["does not come to an end", "(loop $l (br $l))", "plugin_exhausted"],
  ] as const
) {
  Deno.test(`plugin that ${what} is asked three times, and no more`, () =>
    withPlugin(pluginThatDoes(body), async ({ host, events, load, audit }) => {
      for (let i = 0; i < 3; i++) assertEquals((await load()).code, code);
      assertEquals((await load()).code, "plugin_quarantined");
      const [listed] = host.discoverAvailableBackends().filter((b) => b.status === "quarantined");
      assertStringIncludes(listed!.reason!, "is quarantined after 3 faults");
      assertEquals(events.map(({ kind, backend }) => [kind, backend.type]), [
        ["quarantined", "sample"],
      ]);
      const creating = () => host.createBackend("sample", { url: "libsql:x.db" });
      const error = await assertRejects(creating, LoadError);
      assertStringIncludes(error.message, "quarantined");
      assertStringIncludes(await audit(), '"event":"backend_quarantined"');
    }));
}

Deno.test("plugin that plans what is refused is asked three times, and no more", () =>
  withPlugin(
    pluginThatDoes("(call $sql_prepare (call $text (i32.const 4)))", { texts: ["DROP TABLE t"] }),
    async ({ load }) => {
      for (let i = 0; i < 3; i++) assertEquals((await load()).code, "plan_refused");
      assertEquals((await load()).code, "plugin_quarantined");
    },
  ));

Deno.test("plugin that is quarantined makes no instance, whoever asks", async () => {
  const plugin = await admitPlugin(pluginThat({}), { file: "sample.wasm", grants: NO_GRANTS });
  for (let i = 0; i < FAULTS_MAX; i++) {
    await (await plugin.open()).close();
    plugin.faults.add("it trapped");
  }
  const error: LoadError = await assertRejects(() => plugin.open(), LoadError);
  assertEquals(error.code, "plugin_quarantined");
});

Deno.test("plugin that says itself that it cannot plan is asked again and again", () =>
  withPlugin(
    pluginThat({
      texts: ["no such thing here"],
      exports: { write_batch: `(call $error_set (call $text (i32.const 4))) (i32.const 1)` },
    }),
    async ({ host, load }) => {
      for (let i = 0; i < 5; i++) {
        const error = await load();
        assertEquals(error.code, "plugin_failed");
        assertStringIncludes(error.message, "no such thing here");
      }
      assertEquals(host.discoverAvailableBackends().map((b) => b.status), ["available"]);
    },
  ));

Deno.test("plugin that was quarantined comes back by the operator's word, with a clean slate", () =>
  withPlugin(pluginThatDoes("(unreachable)"), async ({ host, events, load }) => {
    for (let i = 0; i < 3; i++) await load();
    host.releaseBackend("sample");
    assertEquals(host.discoverAvailableBackends().map((b) => b.status), ["available"]);
    assertEquals((await load()).code, "plugin_failed");
    assertEquals((await load()).code, "plugin_failed");
    assertEquals(events.map(({ kind }) => kind), ["quarantined", "released"]);
    assertThrows(() => host.releaseBackend("sample"), LoadError, "No plugin sample is quarantined");
  }));

Deno.test("plugin that was quarantined comes back as a file that has changed", () =>
  withPlugin(pluginThatDoes("(unreachable)"), async ({ host, load }) => {
    for (let i = 0; i < 3; i++) await load();
    const mended = pluginThat({ exports: { write_batch: `${PLAN} (i32.const 0)` } });
    await host.registerPlugin(mended, { file: "sample.wasm" });
    const listed = host.discoverAvailableBackends();
    assert(listed.some((b) => b.status === "available"));
    assert(!listed.some((b) => b.status === "quarantined"));
  }));

Deno.test("faults are counted from one host to the next, and forgotten by grant", () =>
  withFolder(async (folder) => {
    const plugins = join(folder, "plugins");
    await Deno.mkdir(plugins);
    const file = join(plugins, "sample.wasm");
    await Deno.writeFile(file, pluginThatDoes("(unreachable)"));
    const config = { url: `libsql:${join(folder, "t.db")}` };
    const loadOnce = async () => {
      await using host = await createHost({ plugins });
      const backend = await host.createBackend(host.typeOfScheme("sample"), config);
      await host.load(rows([{ id: 1 }]), backend, { table: "t" });
    };
    for (let i = 0; i < 3; i++) {
      const error: LoadError = await assertRejects(loadOnce, LoadError);
      assertEquals(error.code, "plugin_failed");
    }
    const error: LoadError = await assertRejects(loadOnce, LoadError);
    assertEquals(error.code, "backend_unknown");
    assertStringIncludes(error.message, "Backend is quarantined: sample");
    await using host = await createHost({ plugins });
    const [listed] = host.discoverAvailableBackends();
    assertEquals([listed!.type, listed!.status], ["sample", "quarantined"]);
    assertStringIncludes(listed!.reason!, "unreachable");
    await grant(file, []);
    await using again = await createHost({ plugins });
    assertEquals(again.discoverAvailableBackends().map(({ status }) => status), ["available"]);
  }));
