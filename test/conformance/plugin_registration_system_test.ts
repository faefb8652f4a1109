/** Plugin registration system: discovery, decorator, changes at runtime, and what is refused. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createHost, databaseBackend, LoadError, type RegistryEvent, rows } from "../../mod.ts";
import { decoratedBackends } from "../../src/registry/decorator.ts";
import { MemoryBackend } from "../support/memory_backend.ts";
import { ALL_FAMILIES } from "../families/families.ts";
import { openHost, PLUGINS, TARGET_KINDS, withFolder } from "../support/target.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";

Deno.test("plugin registration system: a folder's plugins are discovered with version, capabilities, schema, file and hash", async () => {
  await using host = await openHost();
  const found = host.discoverAvailableBackends();
  const expected = ALL_FAMILIES.map(({ plugin }) => plugin).sort();
  assertEquals(found.map((b) => [b.type, b.status]), expected.map((type) => [type, "available"]));
  for (const backend of found) {
    assertEquals(backend.version, "0.1.0");
    assertEquals(backend.capabilities.modes, ["append", "upsert", "replace"]);
    assertEquals(backend.configSchema.properties.url?.type, "string");
    assertEquals(backend.plugin!.file, join(PLUGINS, `${backend.type}.wasm`));
    assertEquals(backend.plugin!.sha256.length, 64);
    assert(backend.plugin!.imports.includes("batch_column_count"));
  }
});

Deno.test("plugin registration system: a plugin that is refused is listed with the reason, and the others work", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "broken.wasm"), "not WebAssembly");
    await Deno.writeFile(
      join(folder, "greedy.wasm"),
      samplePlugin({ imports: [`(import "env" "steal" (func))`] }),
    );
    await Deno.writeFile(
      join(folder, "lying.wasm"),
      samplePlugin({ manifest: { ...MANIFEST, abi: 3, name: "" } }),
    );
    await Deno.writeFile(
      join(folder, "stranger.wasm"),
      samplePlugin({ manifest: { ...MANIFEST, driver: "oracle" } }),
    );
    await Deno.mkdir(join(folder, "folder.wasm"));
    await Deno.symlink(join(PLUGINS, "postgresql.wasm"), join(folder, "link.wasm"));
    await Deno.copyFile(join(PLUGINS, "libsql.wasm"), join(folder, "libsql.wasm"));
    await using host = await createHost({ plugins: folder });
    const found = host.discoverAvailableBackends();
    assertEquals(found.filter((b) => b.status === "available").map((b) => b.type), ["libsql"]);
    const reasons = Object.fromEntries(
      found.filter((b) => b.status === "refused").map((b) => [b.type, b.reason!]),
    );
    assertStringIncludes(reasons.broken!, "not a valid WebAssembly module");
    assertStringIncludes(reasons.greedy!, "env steal");
    assertStringIncludes(reasons.lying!, "abi");
    assertStringIncludes(reasons.lying!, "name");
    assertStringIncludes(reasons.stranger!, "oracle");
    assertStringIncludes(reasons.folder!, "no plain file");
    assertStringIncludes(reasons.link!, "no plain file");
  });
});

Deno.test("plugin registration system: two plugins for one scheme are told apart, and using it is an error", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(
      join(folder, "a.wasm"),
      samplePlugin({ manifest: { ...MANIFEST, backend: "first" } }),
    );
    await Deno.writeFile(
      join(folder, "b.wasm"),
      samplePlugin({ manifest: { ...MANIFEST, backend: "second" } }),
    );
    await using host = await createHost({ plugins: folder });
    const second = host.discoverAvailableBackends().find((b) => b.type === "second")!;
    assertEquals(second.status, "refused");
    assertStringIncludes(second.reason!, "first");
    const error: LoadError = await assertRejects(
      async () => await host.typeOfScheme("sample"),
      LoadError,
    );
    assertStringIncludes(error.message, "a.wasm");
    assertStringIncludes(error.message, "b.wasm");
  });
});

Deno.test("plugin registration system: a missing folder is an error that says what to do", async () => {
  const error: LoadError = await assertRejects(
    () => createHost({ plugins: "/no/such/folder" }),
    LoadError,
  );
  assertEquals(error.code, "config_invalid");
  assertStringIncludes(error.message, "/no/such/folder");
});

Deno.test("plugin registration system: plugins come and go at runtime, and every change is an event", async () => {
  await using host = await createHost();
  const events: RegistryEvent[] = [];
  host.onRegistryChange((event) => events.push(event));
  const file = join(PLUGINS, "libsql.wasm");
  await host.registerPlugin(file);
  const twice: LoadError = await assertRejects(() => host.registerPlugin(file), LoadError);
  assertEquals(twice.code, "backend_exists");
  await host.registerPlugin(file, { replace: true });
  host.deregisterBackend("libsql");
  await assertRejects(() => host.createBackend("libsql", {}), LoadError, "Unknown backend");
  await host.registerPlugin(await Deno.readFile(file), { file: "from memory" });
  assertEquals(events.map((e) => e.kind), ["registered", "replaced", "deregistered", "registered"]);
});

for (const kind of TARGET_KINDS) {
  Deno.test(`plugin registration system: a load on ${kind.name} ends as it began while its backend is replaced and deregistered`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      const file = join(PLUGINS, `${target.type}.wasm`);
      let changed = false;
      async function* numbers(): AsyncGenerator<{ id: number }> {
        for (let id = 0; id < 5_000; id++) {
          if (id === 3_000) {
            await host.registerPlugin(file, { replace: true });
            host.deregisterBackend(target.type);
            changed = true;
          }
          yield { id };
        }
      }
      const report = await host.load(rows(numbers()), backend, {
        table: "numbers",
        batchRowsMax: 1_000,
      });
      assertEquals([changed, report.committed, report.batches], [true, 5_000, 5]);
      assertEquals(
        host.discoverAvailableBackends().find((b) => b.type === target.type)?.status,
        "draining",
      );
      await backend.close();
      assertEquals(host.discoverAvailableBackends().some((b) => b.type === target.type), false);
    }));
}

Deno.test("plugin registration system: a decorated class is a backend of every host", async () => {
  await using before = await createHost();
  @databaseBackend("decorated-store", MemoryBackend.SCHEMA, {
    version: "1.0.0",
    schemes: ["decorated"],
  })
  class DecoratedStore extends MemoryBackend {}
  try {
    await using after = await createHost();
    for (const host of [before, after]) {
      assertEquals(host.discoverAvailableBackends().map((b) => b.type), ["decorated-store"]);
      const backend = await host.createBackend("decorated-store", { name: "decorated" });
      assert(backend instanceof DecoratedStore);
      const report = await host.load(rows([{ a: 1 }, { a: 2 }]), backend, { table: "t" });
      assertEquals([report.committed, report.backend], [2, "decorated-store"]);
    }
    assertEquals(MemoryBackend.rowsOf("decorated").length, 4);
  } finally {
    decoratedBackends.deregisterBackend("decorated-store");
  }
});

Deno.test("plugin registration system: the audit log tells registrations, grants, plans and batches, and no value", async () => {
  await withFolder(async (folder) => {
    const audit = join(folder, "audit.ndjson");
    {
      await using host = await openHost({ audit });
      const backend = await host.createBackend("libsql", { url: `libsql:${join(folder, "x.db")}` });
      await host.load(rows([{ a: "row-value-1" }]), backend, { table: "t" });
    }
    const text = await Deno.readTextFile(audit);
    const records = text.trim().split("\n").map((line) => JSON.parse(line));
    const events = records.map((r) => r.event);
    assertEquals(events.slice(0, -5), ALL_FAMILIES.map(() => "backend_registered"));
    assertEquals(events.slice(-5), [
      "backend_created",
      "load_started",
      "batch",
      "load_ended",
      "backend_closed",
    ]);
    assertEquals(records.at(-4).planHash.length, 64);
    assertEquals(records.at(-3).contentHash.length, 16);
    assertEquals(text.includes("row-value-1"), false);
  });
});
