/** Says that it was made for another host. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, abi: 2 } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "abi",
};
