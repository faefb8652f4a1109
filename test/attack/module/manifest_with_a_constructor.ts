/** Would change what makes objects. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ manifest: `{"constructor":{"name":1},${JSON.stringify(MANIFEST).slice(1)}` }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "the key constructor",
};
