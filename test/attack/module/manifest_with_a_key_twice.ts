/** Says one thing to whoever reads the first, another to the rest. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: `{"abi":2,${JSON.stringify(MANIFEST).slice(1)}` }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "the key abi twice",
};
