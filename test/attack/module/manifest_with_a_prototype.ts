/** Would change what objects are. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ manifest: `{"__proto__":{"granted":true},${JSON.stringify(MANIFEST).slice(1)}` }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "the key __proto__",
};
