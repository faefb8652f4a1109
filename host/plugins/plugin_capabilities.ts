/** What the backends that a plugin makes can do, and what is told of the plugin. */
import type { BackendCapabilities, BackendInfo } from "../../src/model/backend.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { pluginWords } from "./plan_rules.ts";
import type { Driver } from "../drivers/driver.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** What the plugin says, within what its driver and this program can do. */
export function capabilitiesOf(plugin: Plugin, driver: Driver): BackendCapabilities {
  const { modes, transactions, limits } = plugin.manifest.capabilities;
  return {
    modes,
    transactions,
    ledger: true,
    batchRowsMax: LIMITS.batchRowsMax,
    batchBytesMax: LIMITS.batchBytesMax,
    identifierBytesMax: Math.min(limits.identifierBytesMax, driver.identifierBytesMax),
  };
}

/** The plugin, as discovery tells of it. */
export function describe(plugin: Plugin): NonNullable<BackendInfo["plugin"]> {
  const words = pluginWords(plugin);
  return {
    name: plugin.manifest.name,
    file: plugin.file,
    sha256: plugin.sha256,
    imports: plugin.imports,
    ...(words.length === 0 ? {} : { words }),
  };
}
