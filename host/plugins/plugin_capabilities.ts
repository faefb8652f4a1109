/** What the backends that a plugin makes can do, and what is told of the plugin. */
import type { BackendCapabilities, BackendInfo } from "../../src/model/backend.ts";
import type { Shape } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { checkNames } from "../../src/plan_policy/slot.ts";
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
    grants: [...plugin.grants].sort(),
    ...(words.length === 0 ? {} : { words }),
  };
}

/** Holds a shape to what a backend can do. @throws {LoadError} `usage`, `key_missing`, `name_refused` */
export function checkShape(
  { mode, columns, table }: Shape,
  backend: string,
  { modes, identifierBytesMax }: BackendCapabilities,
): void {
  if (!modes.includes(mode)) {
    throw new LoadError(`Backend ${backend} has no mode ${mode}, it has ${modes.join(", ")}`, {
      code: "usage",
      blame: "config",
    });
  }
  if (mode === "upsert" && !columns.some(({ key }) => key)) {
    throw new LoadError("An upsert needs a key: name its columns, as in --key id", {
      code: "key_missing",
      blame: "config",
    });
  }
  checkNames(table, columns.map(({ name }) => name), identifierBytesMax);
}
