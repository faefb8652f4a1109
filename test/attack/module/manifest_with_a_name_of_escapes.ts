/** A name that would clear the terminal. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: { ...MANIFEST, name: "\u001b[2J" } }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "name",
};
