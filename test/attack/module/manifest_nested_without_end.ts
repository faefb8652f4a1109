/** Nests until a reader gives up. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ manifest: "[".repeat(2_000) }),
  stopped: "folder",
  code: "plugin_manifest",
  says: "nested deeper",
};
