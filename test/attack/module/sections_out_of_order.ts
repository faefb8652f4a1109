/** Types behind the functions that have them. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([3, [0]], [1, [0]]),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "twice or out of order",
};
