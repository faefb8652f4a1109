/** Files of a folder of plugins that come, change and go while the host runs. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  createHost,
  type Host,
  type HostOptions,
  type LiveFolderOptions,
  LoadError,
  type PluginChange,
  rows,
} from "../../../../mod.ts";
import { grant, revoke } from "../../../../host/plugins/store/admission.ts";
import { LOCK_FILE } from "../../../../host/plugins/store/plugin_lock.ts";
import { defined } from "../../../../src/model/defined.ts";
import { pluginThat } from "../../../attack/module_attack.ts";
import { withWatched } from "../../../attack/upload_place.ts";
import { builtLibrary } from "../../../support/built.ts";
import { eventually } from "../../../support/eventually.ts";
import { variantOf, withText } from "../../../support/plugin_variant.ts";
import { TRUSTED } from "../../../support/signer.ts";
import { PLUGINS } from "../../../support/target.ts";
import { MANIFEST } from "../../../support/wasm_text.ts";

await builtLibrary();
const LIBSQL = await Deno.readFile(join(PLUGINS, "libsql.wasm"));

interface Setup {
  readonly host: Host;
  readonly folder: string;
  readonly changes: readonly PluginChange[];
  /** The file of that name in the folder. */
  file(name: string): string;
  /** The next change of a kind, once it comes; each is given once, and refusals in between are passed over. */
  next<K extends PluginChange["kind"]>(
    kind: K,
    reason?: string,
  ): Promise<Extract<PluginChange, { kind: K }>>;
}

/** A host that watches a folder, which has these files to begin with. */
async function withLive(
  files: Readonly<Record<string, Uint8Array>>,
  act: (setup: Setup) => Promise<void>,
  { settleMs, pollMs, ...options }: HostOptions & LiveFolderOptions = {},
): Promise<void> {
  const changes: PluginChange[] = [];
  const onChange = (change: PluginChange) => void changes.push(change);
  const watch = { ...defined({ settleMs, pollMs }), onChange };
  await withWatched(async ({ host, folder, file }) => {
    let given = 0;
    const next = async <K extends PluginChange["kind"]>(kind: K, reason = "") => {
      for (;;) {
        const change = await eventually(`${kind} ${reason}`, () => changes[given]);
        given++;
        const isIt = change.kind === kind &&
          (change.kind !== "refused" || change.reason.includes(reason));
        if (isIt) return change as Extract<PluginChange, { kind: K }>;
        assertEquals(change.kind, "refused", `${kind} was to come: ${JSON.stringify(change)}`);
      }
    };
    await act({ host, folder, changes, file, next });
  }, { ...options, files, watch });
}

function statusOf(host: Host): [string, string][] {
  return host.discoverAvailableBackends().map(({ type, status }) => [type, status]);
}

/** A sample of that type and URL scheme. */
function sample(type: string, change: Record<string, unknown> = {}): Uint8Array<ArrayBuffer> {
  return pluginThat({ manifest: { ...MANIFEST, backend: type, schemes: [type], ...change } });
}

Deno.test("live folder takes a file that is added, one that is replaced once it is granted, and one that is gone", () =>
  withLive({}, async ({ host, file, next }) => {
    assertEquals(statusOf(host), []);
    await Deno.writeFile(file("sample.wasm"), sample("sample"));
    const added = await next("added");
    assertEquals([added.backend.type, added.file], ["sample", file("sample.wasm")]);
    assertEquals(statusOf(host), [["sample", "available"]]);
    assertEquals(host.typeOfScheme("sample"), "sample");

    const other = sample("sample", { version: "2.0.0" });
    await Deno.writeFile(file("sample.wasm"), other);
    const refused = await next("refused");
    assertStringIncludes(refused.reason, `it is not the file that ${LOCK_FILE} knows`);
    assertEquals(refused.kept?.version, "1.2.3");
    assertEquals(statusOf(host), [["sample", "available"], ["sample", "refused"]]);
    // The one that stays can be used all the same.
    const backend = await host.createBackend("sample", {
      url: `libsql:${file("t.db")}`,
    });

    await grant(file("sample.wasm"), []);
    const replaced = await next("replaced");
    assertEquals([replaced.before?.version, replaced.backend.version], ["1.2.3", "2.0.0"]);
    assertEquals(statusOf(host), [["sample", "available"], ["sample", "draining"]]);
    await backend.close();
    assertEquals(statusOf(host), [["sample", "available"]]);

    await Deno.remove(file("sample.wasm"));
    assertEquals((await next("removed")).backend.version, "2.0.0");
    assertEquals(statusOf(host), []);
  }));

Deno.test("live folder waits for a file that is being written", () =>
  withLive({}, async ({ host, file, changes, next }) => {
    const half = LIBSQL.subarray(0, LIBSQL.length / 2);
    await Deno.writeFile(file("libsql.wasm"), half);
    // A file beside it, which is whole, shows that the folder was looked at meanwhile.
    await Deno.writeFile(file("other.wasm"), sample("other"));
    await next("added");
    await Deno.writeFile(file("libsql.wasm"), LIBSQL.subarray(half.length), { append: true });
    assertEquals((await next("added")).backend.type, "libsql");
    assertEquals(changes.length, 2);
    assertEquals(statusOf(host), [["libsql", "available"], ["other", "available"]]);
  }, { settleMs: 60_000 }));

Deno.test("live folder says what is wrong with half a file that stays half, and takes it once it is whole", () =>
  withLive({ "libsql.wasm": LIBSQL }, async ({ host, file, next }) => {
    await Deno.writeFile(file("half.wasm"), sample("half").subarray(0, 300));
    assertStringIncludes((await next("refused")).reason, "not a valid WebAssembly module");
    await Deno.writeFile(file("half.wasm"), sample("half"));
    await next("added");
    assertEquals(statusOf(host), [["half", "available"], ["libsql", "available"]]);
  }));

Deno.test("live folder leaves the one in place whose name another file claims, until it is gone", () =>
  withLive({ "first.wasm": sample("sample") }, async ({ host, file, next }) => {
    await Deno.writeFile(file("second.wasm"), sample("sample", { version: "9.9.9" }));
    const refused = await next("refused");
    assertEquals(refused.file, file("second.wasm"));
    assertStringIncludes(refused.reason, "registered already");
    assertEquals(host.typeOfScheme("sample"), "sample");
    await Deno.remove(file("first.wasm"));
    const took = await next("replaced");
    assertEquals([took.before?.version, took.backend.version], ["1.2.3", "9.9.9"]);
    assertEquals(statusOf(host), [["sample", "available"]]);
  }));

Deno.test("live folder sees that a file has another name, and there is no moment without its backend", () =>
  withLive({ "old.wasm": sample("sample") }, async ({ host, file, next }) => {
    const kinds: string[] = [];
    host.onRegistryChange(({ kind }) => kinds.push(kind));
    await Deno.rename(file("old.wasm"), file("new.wasm"));
    const replaced = await next("replaced");
    assertEquals(replaced.backend.plugin?.file, file("new.wasm"));
    assertEquals(replaced.before?.plugin?.file, file("old.wasm"));
    assertEquals(kinds, ["replaced"]);
  }));

Deno.test("live folder takes another type from the same file whole, or not at all", () =>
  withLive(
    { "a.wasm": sample("first"), "b.wasm": sample("second") },
    async ({ host, file, next }) => {
      await Deno.writeFile(file("a.wasm"), sample("second"));
      await grant(file("a.wasm"), []);
      await next("refused", "registered already: second");
      assertEquals(host.typeOfScheme("first"), "first");
      await Deno.writeFile(file("a.wasm"), sample("third"));
      await grant(file("a.wasm"), []);
      const change = await eventually("third", () =>
        host.discoverAvailableBackends().find((b) =>
          b.type === "third" && b.status === "available"
        ));
      assertEquals(change.plugin?.file, file("a.wasm"));
      assertEquals(statusOf(host), [["second", "available"], ["third", "available"]]);
    },
  ));

Deno.test("live folder asks a new file for the plans in use, and shows which are other", () =>
  withLive({ "libsql.wasm": LIBSQL }, async ({ host, folder, file, next }) => {
    const config = { url: `libsql:${join(folder, "..", "t.db")}` };
    const before = await host.createBackend("libsql", config);
    await host.load(rows([{ id: 1 }]), before, { table: "t" });

    await Deno.writeFile(file("libsql.wasm"), withText(LIBSQL, "INSERT INTO", "INSERT into"));
    await grant(file("libsql.wasm"), []);
    let replaced = await next("replaced");
    assertEquals([replaced.asked, replaced.plans.length], [1, 1]);
    const [change] = replaced.plans;
    assertEquals(change!.question, "append into t with id int64");
    assertStringIncludes(change!.gone.join(), "INSERT INTO");
    assertStringIncludes(change!.come.join(), "INSERT into");

    // The same plans by other bytes.
    await Deno.writeFile(file("libsql.wasm"), variantOf(LIBSQL, "again"));
    await grant(file("libsql.wasm"), []);
    replaced = await next("replaced");
    assertEquals([replaced.asked, replaced.plans.length], [1, 1]);

    const after = await host.createBackend("libsql", config);
    assertEquals(after.plugin?.sha256, replaced.backend.plugin?.sha256);
    const report = await host.load(rows([{ id: 2 }]), after, { table: "t" });
    assertEquals([report.committed, report.plugin?.sha256], [1, after.plugin?.sha256]);
    // The one before works on as well.
    assertEquals((await host.load(rows([{ id: 3 }]), before, { table: "t" })).committed, 1);
  }));

Deno.test("live folder keeps the one in place where the new file plans what is refused, and does not ask it again and again", () =>
  withLive({ "libsql.wasm": LIBSQL }, async ({ host, folder, file, next }) => {
    const config = { url: `libsql:${join(folder, "..", "t.db")}` };
    const backend = await host.createBackend("libsql", config);
    await host.load(rows([{ id: 1 }]), backend, { table: "t" });
    await Deno.writeFile(file("libsql.wasm"), withText(LIBSQL, "CREATE TABLE", "DELETE TABLE"));
    await grant(file("libsql.wasm"), []);
    const refused = await next("refused", "plan");
    assertEquals(refused.kept?.type, "libsql");
    // Something else changes, again and again: it is not asked for that.
    for (let i = 0; i < 5; i++) {
      await Deno.writeFile(file(`other${i}.wasm`), sample(`other${i}`));
      await eventually(
        "other",
        () => host.discoverAvailableBackends().find((b) => b.type === `other${i}`),
      );
    }
    const lock = JSON.parse(await Deno.readTextFile(join(folder, LOCK_FILE)));
    assertEquals(lock.plugins["libsql.wasm"].faults?.count, 1);
    assertEquals((await host.load(rows([{ id: 2 }]), backend, { table: "t" })).committed, 1);
    const again = await host.createBackend("libsql", config);
    assertEquals(again.plugin?.sha256, backend.plugin?.sha256);
  }));

Deno.test("live folder takes a plugin out of use that the lock knows no more, and back with it", () =>
  withLive({ "sample.wasm": sample("sample") }, async ({ host, file, next }) => {
    await grant(file("sample.wasm"), []);
    await next("added");
    await revoke(file("sample.wasm"), []);
    const refused = await next("refused");
    assertStringIncludes(refused.reason, `${LOCK_FILE} does not know it`);
    assertEquals([refused.kept, statusOf(host)], [undefined, [["sample", "refused"]]]);
    await grant(file("sample.wasm"), []);
    await next("added");
    assertEquals(statusOf(host), [["sample", "available"]]);
  }, { locked: true }));

Deno.test("live folder takes a plugin out of use whose grant is taken back", () =>
  withLive({}, async ({ host, file, next }) => {
    const named = pluginThat({ capabilities: ["batch_column_name"] });
    await Deno.writeFile(file("sample.wasm"), named);
    assertStringIncludes((await next("refused")).reason, "batch_column_name");
    await grant(file("sample.wasm"), ["batch_column_name"]);
    await next("added");
    await revoke(file("sample.wasm"), ["batch_column_name"]);
    const refused = await next("refused");
    assertStringIncludes(refused.reason, "batch_column_name");
    assertEquals(refused.kept, undefined);
    await assertRejects(() => host.createBackend("sample", {}), LoadError, "batch_column_name");
  }));

Deno.test("live folder changes nothing while its lock, or itself, cannot be read", () =>
  withLive({ "sample.wasm": sample("sample") }, async ({ host, folder, file, next }) => {
    const lock = await Deno.readTextFile(join(folder, LOCK_FILE));
    await Deno.writeTextFile(join(folder, LOCK_FILE), "{");
    assertStringIncludes((await next("unreadable")).reason, LOCK_FILE);
    await Deno.writeTextFile(join(folder, LOCK_FILE), lock);
    await Deno.writeFile(file("other.wasm"), sample("other"));
    await next("added");
    await eventually(
      "recorded",
      async () => (await Deno.readTextFile(join(folder, LOCK_FILE))).includes("other.wasm"),
    );
    await Deno.rename(folder, `${folder}.away`);
    assertStringIncludes((await next("unreadable")).reason, "it is not there");
    assertEquals(statusOf(host), [["other", "available"], ["sample", "available"]]);
    await Deno.rename(`${folder}.away`, folder);
    await Deno.writeFile(file("third.wasm"), sample("third"));
    await next("added");
  }, { pollMs: 100 }));

Deno.test("live folder holds files to signatures, also when the signature comes later", () =>
  withLive({}, async ({ file, next }) => {
    const bytes = sample("sample");
    await Deno.writeFile(file("sample.wasm"), bytes);
    assertStringIncludes((await next("refused")).reason, "it is not signed");
    await Deno.writeTextFile(file("sample.wasm.sig"), await TRUSTED.sign(bytes));
    await next("added");
  }, { trustedKeys: [TRUSTED.key] }));

Deno.test("live folder lets a plugin that was quarantined back in by grant", () =>
  withLive(
    { "sample.wasm": pluginThat({ exports: { write_batch: "(unreachable)" } }) },
    async (setup) => {
      const { host, folder, file } = setup;
      const backend = await host.createBackend("sample", { url: `libsql:${folder}/../t.db` });
      for (let i = 0; i < 3; i++) {
        await assertRejects(
          () => host.load(rows([{ id: 1 }]), backend, { table: `t${i}` }),
          LoadError,
        );
      }
      assertEquals(statusOf(host).filter(([, s]) => s === "quarantined"), [[
        "sample",
        "quarantined",
      ]]);
      // Nothing that happens beside it lets it in.
      await Deno.writeFile(file("other.wasm"), sample("other"));
      await eventually("other", () =>
        host.discoverAvailableBackends().some((b) => b.type === "other"));
      assertEquals(
        statusOf(host).filter(([, s]) =>
          s === "quarantined"
        ),
        [["sample", "quarantined"]],
      );
      await grant(file("sample.wasm"), []);
      await eventually("released", () =>
        host.discoverAvailableBackends().some((b) =>
          b.type === "sample" && b.status === "available"
        ));
      assertEquals(
        statusOf(host).filter(([, s]) =>
          s === "quarantined"
        ),
        [],
      );
      await backend.close();
    },
  ));

Deno.test("live folder is watched once, and only where there is one", async () => {
  await using none = await createHost();
  await assertRejects(() => none.watchPlugins(), LoadError, "was not named");
  await withLive({}, async ({ host }) => {
    await assertRejects(() => host.watchPlugins(), LoadError, "is watched already");
  });
});
