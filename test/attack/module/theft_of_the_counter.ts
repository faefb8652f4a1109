/** Sets a global that it has not: the one that the host will add. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ fields: ["(func (global.set 0 (i64.const 0x7fffffff)))"] }),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "not a valid WebAssembly module",
};
