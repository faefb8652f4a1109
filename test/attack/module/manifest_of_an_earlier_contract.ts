/** Says that it was made for a host of before. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, abi: 1 } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "it was built for version 1 of the contract between host and plugin",
};
