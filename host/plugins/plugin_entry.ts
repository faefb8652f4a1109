/** A plugin that was let in, as the registry has it. */
import { compileConfigSchema, mergeConfigSchemas } from "../../src/model/config_schema.ts";
import type { BackendEntry } from "../../src/registry/registry.ts";
import type { Driver } from "../drivers/driver.ts";
import { checkWords } from "./plan_rules.ts";
import { capabilitiesOf, describe } from "./plugin_capabilities.ts";
import { placeOf } from "./plugin_config.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/**
 * Makes the entry of a plugin on its driver.
 *
 * @throws {LoadError} `plugin_manifest` where it asks for words that nobody can grant
 */
export function pluginEntry(
  { plugin, driver, create }: {
    readonly plugin: Plugin;
    readonly driver: Driver;
    readonly create: BackendEntry["create"];
  },
): BackendEntry {
  checkWords(plugin, driver);
  const { backend: type, version, schemes, config } = plugin.manifest;
  const configSchema = mergeConfigSchemas(driver.config, config);
  return {
    info: Object.freeze({
      ...{ type, version, status: "available", schemes, configSchema } as const,
      capabilities: capabilitiesOf(plugin, driver),
      plugin: describe(plugin),
    }),
    schema: compileConfigSchema(configSchema),
    place: (settings) => placeOf(settings, driver, schemes),
    create,
  };
}
