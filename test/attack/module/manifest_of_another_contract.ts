/** Says that it was made for another host. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { ABI_VERSION } from "../../../src/plugin_api/version.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, abi: ABI_VERSION + 1 } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: `and this host has version ${ABI_VERSION}: load with a newer snakepipe`,
};
