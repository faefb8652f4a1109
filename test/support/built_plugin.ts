/** The plugins of this repository as the host lets them in, for tests that look at one alone. */
import { fromFileUrl, join } from "@std/path";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { admitPlugin, type Plugin } from "../../host/plugins/sandbox/plugin.ts";
import { Planner } from "../../host/plugins/planner.ts";
import { compileConfigSchema, type Config } from "../../src/model/config_schema.ts";
import { parse } from "../../src/config/parse.ts";
import { NO_GRANTS } from "../../src/plan_policy/grant.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";

const DIST = fromFileUrl(new URL("../../plugins/dist", import.meta.url));

/** Builds what is not up to date, and lets the plugin of that name in. */
export async function builtPlugin(name: string): Promise<Plugin> {
  await buildPlugins();
  const file = join(DIST, `${name}.wasm`);
  return await admitPlugin(await Deno.readFile(file), { file, grants: NO_GRANTS });
}

/** Settings as the host hands them to a plugin: held to its manifest, defaults filled in. */
export function settingsOf(plugin: Plugin, given: Record<string, unknown> = {}): Config {
  return parse(compileConfigSchema(plugin.manifest.config), given, {
    what: "The test's settings",
    code: "config_invalid",
    blame: "config",
  });
}

/** Asks a plugin one thing, with an instance of its own, as the host does. */
export async function askPlugin<T>(
  plugin: Plugin,
  ask: (planner: Planner) => Promise<T>,
  given: Record<string, unknown> = {},
): Promise<T> {
  const driver = await loadDriver(plugin.manifest.driver);
  const planner = await Planner.open(plugin, {
    settings: settingsOf(plugin, given),
    driver,
  });
  try {
    return await ask(planner);
  } finally {
    await planner.close();
  }
}
