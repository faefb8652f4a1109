/**
 * The control of the tests of hostile modules: each is run by a host that takes it at its word, and does
 * the harm that its table names. What does none would be no attack, whoever refuses it. What the engine
 * stops even there, it stops with the words of the table.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { MANIFEST } from "../support/wasm_text.ts";
import { manifestLook } from "./manifest_harm.ts";
import { pluginThat } from "./module_attack.ts";
import { type ModuleCase, modulesByTheme } from "./module_case.ts";
import { type ModuleLook, TrustingHost } from "./module_harm.ts";

const driver = await loadDriver(MANIFEST.driver);
const honest = manifestLook(JSON.stringify(MANIFEST), driver);

for (const [theme, attacks] of await modulesByTheme()) {
  Deno.test(`hostile modules: ${theme}: each does harm to a host that believes it`, async (t) => {
    await using host = new TrustingHost(pluginThat({}));
    for (const attack of attacks) {
      await t.step(attack.name, async () => {
        const { look, found } = await lookAt(attack, host);
        const { harm, refused } = attack;
        if ("none" in harm) {
          if (harm.none === "engine") assertStringIncludes(look["error"] ?? "", refused.engine!);
          // What it did not come to is not there.
          const more = found.filter((aspect) => aspect !== "error" && look[aspect] !== "");
          assertEquals(more, [], JSON.stringify(look));
        } else {
          const missing = harm.filter((aspect) => !found.includes(aspect));
          assert(missing.length === 0, `No harm to ${missing.join(", ")}: ${JSON.stringify(look)}`);
        }
      });
    }
  });
}

Deno.test("trusting host sees nothing in an honest plugin", async () => {
  await using host = new TrustingHost(pluginThat({}));
  for (const aspects of [[], ["time", "memory"], ["time", "memory"]]) {
    assertEquals(host.harmOf(await host.look(pluginThat({}), aspects)), []);
  }
  const look = await host.look(pluginThat({}), []);
  assertStringIncludes(look["plan"]!, "INSERT INTO {table}");
  for (const aspect of ["error", "time", "memory", "imports", "counter"]) {
    assertEquals(look[aspect], "", aspect);
  }
});

/** What is seen of a case, and in what that is another than what is seen of an honest plugin. */
async function lookAt(
  { manifest, bytes, control = bytes, harm }: ModuleCase,
  host: TrustingHost,
): Promise<{ readonly look: ModuleLook; readonly found: readonly string[] }> {
  if (manifest !== undefined) {
    const look = manifestLook(manifest, driver);
    return { look, found: Object.keys(look).filter((aspect) => look[aspect] !== honest[aspect]) };
  }
  const look = await host.look(control(), "none" in harm ? [] : harm);
  return { look, found: host.harmOf(look) };
}
