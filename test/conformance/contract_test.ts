/**
 * Plugins as they were built for each version of the contract, recorded: each loads as it did, or is refused
 * with the way out. `contract/version_N.wasm` is a plugin of this repository by the kit of that version.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { createHost, LoadError, rows } from "../../mod.ts";
import { checkPlugin } from "../../host/plugins/check/plugin_check.ts";
import { vetCandidate } from "../../host/plugins/install/candidate.ts";
import { pluginSource } from "../../host/plugins/install/plugin_source.ts";
import { admitPlugin } from "../../host/plugins/sandbox/plugin.ts";
import { NO_GRANTS } from "../../src/plan_policy/grant.ts";
import { ABI_VERSION } from "../../src/plugin_api/version.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";
import { kindOf, withFolder } from "../support/target.ts";

/** Versions whose plugins load as they are. */
const LOADED = [2];
/** Versions whose plugins are refused, and what is said of each. */
const REFUSED: Readonly<Record<number, string>> = {
  1: "it was built for version 1 of the contract between host and plugin, and this host has version " +
    `${ABI_VERSION}: build it again with the kit of this host`,
};

function recorded(version: number): string {
  return fromFileUrl(new URL(`contract/version_${version}.wasm`, import.meta.url));
}

Deno.test("contract: a plugin of every version is recorded, and something is said of each", () => {
  const versions = Array.from({ length: ABI_VERSION }, (_, i) => i + 1);
  const folder = fromFileUrl(new URL("contract", import.meta.url));
  const found = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assertEquals(found, versions.map((version) => `version_${version}.wasm`));
  assertEquals([...LOADED, ...Object.keys(REFUSED).map(Number)].sort(), versions);
});

for (const version of LOADED) {
  Deno.test(`contract: a plugin of version ${version} answers everything, and asks for nothing`, async () => {
    const check = await checkPlugin(recorded(version), { grants: NO_GRANTS, settings: () => ({}) });
    assertEquals(check.steps.filter(({ problem }) => problem !== undefined), []);
    assertEquals([check.manifest.abi, check.words], [version, []]);
  });

  Deno.test(`contract: a plugin of version ${version} loads a table in each mode`, async () => {
    const { manifest } = await admitPlugin(await Deno.readFile(recorded(version)), {
      file: "recorded.wasm",
      grants: NO_GRANTS,
    });
    await kindOf(manifest.driver).use(async (target) => {
      await using host = await createHost();
      await host.registerPlugin(recorded(version));
      const backend = await host.createBackend(manifest.backend, target.config);
      const load = (source: readonly object[], mode: "append" | "upsert" | "replace") =>
        host.load(rows(source as { id: number; a: string }[]), backend, {
          ...{ table: "t", mode, key: ["id"], fresh: true },
        });
      const contents = async () =>
        (await target.query(`SELECT ${target.textOf("id")} AS id, a FROM t ORDER BY 1`))
          .map(({ id, a }) => `${id} ${a}`);
      await load([{ id: 1, a: "one" }, { id: 2, a: "two" }], "append");
      assertEquals(await contents(), ["1 one", "2 two"]);
      await load([{ id: 2, a: "zwei" }, { id: 3, a: "drei" }], "upsert");
      assertEquals(await contents(), ["1 one", "2 zwei", "3 drei"]);
      await load([{ id: 4, a: "four" }], "replace");
      assertEquals(await contents(), ["4 four"]);
    });
  });
}

for (const [version, says] of Object.entries(REFUSED)) {
  Deno.test(`contract: a plugin of version ${version} is refused with the way out, whoever is asked`, () =>
    withFolder(async (folder) => {
      const file = recorded(Number(version));
      const asked = checkPlugin(file, { grants: NO_GRANTS, settings: () => ({}) });
      await assertRejects(() => asked, LoadError, says);
      await Deno.copyFile(file, join(folder, "old.wasm"));
      await using host = await createHost({ plugins: folder });
      const [info] = host.discoverAvailableBackends();
      assertEquals(info!.status, "refused");
      assertStringIncludes(info!.reason!, says);
      const error: LoadError = await assertRejects(
        () => vetCandidate(pluginSource(file, "older.wasm"), { folder }),
        LoadError,
        says,
      );
      assertEquals(error.reason, "abi_unknown");
    }));
}

for (
  const [abi, says] of [
    [
      ABI_VERSION - 1,
      "build it again with the kit of this host, or ask whoever made it for a build",
    ],
    [ABI_VERSION + 1, "load with a newer snakepipe, or ask whoever made it for a build"],
  ] as const
) {
  Deno.test(`contract: a manifest that says version ${abi} is refused with the way out`, async () => {
    const bytes = samplePlugin({ manifest: { ...MANIFEST, abi } });
    await using host = await createHost();
    await assertRejects(() => host.registerPlugin(bytes), LoadError, says);
  });
}
