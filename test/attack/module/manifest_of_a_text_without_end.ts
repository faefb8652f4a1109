/** Quotes in a text that does not end, as often as fit: a reader may try each as its beginning again. */
import { LIMITS } from "../../../src/model/limits.ts";
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: `"${'\\"'.repeat(LIMITS.manifestBytesMax / 2 - 1)}` }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "it is not JSON",
};
