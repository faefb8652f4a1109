/** Exports a global that it has not: the one that the host will add. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ fields: [`(export "fuel" (global 0))`] }),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "not a valid WebAssembly module",
};
