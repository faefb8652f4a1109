/** A body that belongs to nothing. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([10, [1, 2, 0, 0x0b]]),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "0 functions and 1 bodies",
};
