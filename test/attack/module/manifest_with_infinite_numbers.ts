/** Limits without limit. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";
import { MANIFEST } from "../../support/wasm_text.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: JSON.stringify(MANIFEST).replace("999", "1e999") }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "parametersMax",
};
