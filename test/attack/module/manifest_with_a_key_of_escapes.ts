/** Writes a key such that the engine may take it for another. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: JSON.stringify(MANIFEST).replace("abi", "\\u0061bi") }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "written with escapes",
};
