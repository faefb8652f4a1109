/** A manifest that breaks off. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: "{" }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "not JSON",
};
