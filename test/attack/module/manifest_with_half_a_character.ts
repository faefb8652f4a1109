/** Half a character, which no text has. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: `{"x\\ud800":1,${JSON.stringify(MANIFEST).slice(1)}` }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "a text that none should have",
};
