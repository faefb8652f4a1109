/** A plugin that was not let in, as discovery lists it. */
import type { BackendInfo } from "../../src/model/backend.ts";
import type { BackendEntry } from "../../src/registry/registry.ts";

/** What discovery lists of a plugin that was refused: as much of it as was read. */
export function refusedInfo(
  file: string,
  reason: string,
  entry: BackendEntry | undefined,
): BackendInfo {
  const name = file.split(/[\\/]/).at(-1)!.replace(/\.wasm$/, "");
  const info: BackendInfo = {
    type: entry?.info.type ?? name,
    version: entry?.info.version ?? "",
    status: "refused",
    reason,
    schemes: entry?.info.schemes ?? [],
    capabilities: entry?.info.capabilities ?? NO_CAPABILITIES,
    configSchema: entry?.info.configSchema ?? { type: "object", properties: {} },
    plugin: entry?.info.plugin ?? { name, file, sha256: "", imports: [] },
  };
  return Object.freeze(info);
}

const NO_CAPABILITIES: BackendInfo["capabilities"] = {
  modes: [],
  transactions: false,
  ledger: false,
  batchRowsMax: 0,
  batchBytesMax: 0,
  identifierBytesMax: 0,
};
