/** Says that nine thousand elements follow, and there are none. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([9, [0xa8, 0x46]]),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "not a valid WebAssembly module",
};
